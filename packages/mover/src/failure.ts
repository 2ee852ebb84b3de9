import { PROBLEMS, type ProblemSlug } from "@uniview/api";
import type { TransferProblem } from "@uniview/api/mover";

export type FailureKind = TransferProblem["kind"];

/** Why a transfer cannot go on now; `retryable` follows from the slug's row of the problem table. */
export class TransferFailure extends Error {
  readonly problem: TransferProblem;

  constructor(
    kind: FailureKind,
    slug: ProblemSlug,
    message: string,
    more: Pick<TransferProblem, "status" | "needs"> & { cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "TransferFailure";
    this.problem = {
      kind,
      slug,
      message,
      retryable: PROBLEMS[slug].retryable,
      ...(more.status === undefined ? {} : { status: more.status }),
      ...(more.needs === undefined ? {} : { needs: more.needs }),
    };
  }
}

/** Only the part of a refusal that a person reads: Glance wraps it in HTML. */
const MAX_REASON_CHARS = 300;

/**
 * What a side's HTTP status means for the transfer.
 * Glance: 413 no quota or store full, 409 the image is not writable in its present state, 410 deleted during the upload,
 * 204 the image has no data.
 */
export function refusal(kind: "source" | "target", status: number, body: string): TransferFailure {
  const reason = body
    .replaceAll(/<title>.*?<\/title>|<[^>]*>/gs, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  const said = reason === "" ? "" : `: ${reason.slice(0, MAX_REASON_CHARS)}`;
  const answered = `The ${kind} answered HTTP ${status}${said}`;
  if (status === 401) {
    return new TransferFailure(kind, "site-sign-in-failed", answered, { status, needs: "token" });
  }
  if (status === 409 && kind === "target") {
    return new TransferFailure(kind, "transfer-failed", answered, { status, needs: "look" });
  }
  if (status === 413) return new TransferFailure(kind, "quota-exceeded", answered, { status });
  if (status === 404 || status === 410) return new TransferFailure(kind, "not-found", answered, { status });
  if (status === 408 || status === 429 || status === 503) {
    return new TransferFailure(kind, "site-busy", answered, { status });
  }
  if (status >= 500) return new TransferFailure(kind, "site-unreachable", answered, { status });
  if (status >= 300 && status < 400) {
    return new TransferFailure(
      kind,
      "site-refused",
      `The ${kind} answered with a redirect (HTTP ${status}); use its final address, redirects are not followed.`,
      { status },
    );
  }
  if (status === 204)
    return new TransferFailure(kind, "site-refused", `The ${kind} has no data (HTTP 204).`, { status });
  return new TransferFailure(kind, "site-refused", answered, { status });
}

const CERTIFICATE_CODE = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(VERIFY|GET)_)/;

/** What went wrong below HTTP, as a failure; a failure stays what it is. */
export function connectionFailure(kind: "source" | "target", host: string, cause: unknown): TransferFailure {
  if (cause instanceof TransferFailure) return cause;
  const code = codeOf(cause);
  if (code !== undefined && CERTIFICATE_CODE.test(code)) {
    return new TransferFailure(
      kind,
      "site-certificate-invalid",
      `The certificate of ${host} is not valid (${code}).`,
      { cause },
    );
  }
  const what = code ?? (cause instanceof Error ? cause.message : String(cause));
  return new TransferFailure(kind, "site-unreachable", `The connection to ${host} failed (${what}).`, {
    cause,
  });
}

function codeOf(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return undefined;
}

/** The disk with the spool: full, read-only, gone. */
export function spoolFailure(cause: unknown): TransferFailure {
  if (cause instanceof TransferFailure) return cause;
  const code = codeOf(cause) ?? String(cause);
  const why =
    code === "ENOSPC" ? "the disk of Uniview's data directory is full" : `the spool failed (${code})`;
  return new TransferFailure("mover", "transfer-failed", `The transfer cannot go on: ${why}.`, { cause });
}

/** A file or device that a disk is read from or written to: the operating system's reason, and where on the disk. */
export function diskFailure(
  kind: "source" | "target",
  doing: "read" | "written",
  offset_bytes: number,
  cause: unknown,
): TransferFailure {
  if (cause instanceof TransferFailure) return cause;
  const code = codeOf(cause);
  const why = code === "ENOSPC" ? "there is no room left" : (code ?? String(cause));
  return new TransferFailure(
    kind,
    "transfer-failed",
    `The ${kind} cannot be ${doing} at byte ${offset_bytes}: ${why}.`,
    { cause },
  );
}
