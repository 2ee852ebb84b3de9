import type { ProblemDetail } from "./schemas/terms.ts";

interface ProblemRow {
  readonly status: number;
  readonly title: string;
  /** The same request may succeed later without anybody changing anything. */
  readonly retryable: boolean;
}

/** Every error that the API can answer with: one table, one spelling. `type` ends in the slug. */
export const PROBLEMS = {
  "invalid-input": { status: 400, title: "The request is not valid", retryable: false },
  "not-signed-in": { status: 401, title: "Sign in first", retryable: false },
  "wrong-sign-in": { status: 401, title: "Name or password is wrong", retryable: false },
  "passcode-needed": { status: 401, title: "A code of your phone is needed, too", retryable: false },
  "setup-link-invalid": { status: 403, title: "The setup link is not valid", retryable: false },
  "setup-needed": { status: 409, title: "Uniview has no administrator yet", retryable: false },
  "not-allowed": { status: 403, title: "Not allowed", retryable: false },
  "not-found": { status: 404, title: "Not found", retryable: false },
  "name-taken": { status: 409, title: "The name is taken", retryable: false },
  conflict: { status: 409, title: "The request conflicts with the present state", retryable: false },
  "idempotency-key-reused": {
    status: 409,
    title: "The idempotency key was used for another request",
    retryable: false,
  },
  "too-many-requests": { status: 429, title: "Too many requests", retryable: true },
  "payload-too-large": { status: 413, title: "The request is too large", retryable: false },
  "site-unreachable": { status: 502, title: "The site does not answer", retryable: true },
  "site-address-refused": {
    status: 400,
    title: "Uniview does not connect to this address",
    retryable: false,
  },
  "site-not-openstack": {
    status: 422,
    title: "No OpenStack identity service answers at this address",
    retryable: false,
  },
  "site-sign-in-failed": { status: 422, title: "The site refused the credential", retryable: false },
  "site-certificate-invalid": { status: 422, title: "The site's certificate is not valid", retryable: false },
  "site-without-compute": {
    status: 422,
    title: "The site's catalog has no compute service",
    retryable: false,
  },
  "site-region-unknown": { status: 422, title: "The site has no such region", retryable: false },
  "site-refused": { status: 502, title: "The site refused the request", retryable: false },
  "site-busy": { status: 503, title: "The site asks to wait", retryable: true },
  "site-in-use": { status: 409, title: "The site is in use by a job", retryable: false },
  "quota-exceeded": { status: 409, title: "The quota does not suffice", retryable: false },
  "mapping-missing": { status: 422, title: "A mapping is missing", retryable: false },
  "preflight-failed": {
    status: 422,
    title: "The pre-flight found what would make the migration fail",
    retryable: false,
  },
  "verification-failed": { status: 500, title: "The copy is not equal to the source", retryable: false },
  "transfer-failed": { status: 500, title: "The transfer failed", retryable: true },
  "job-not-in-this-state": {
    status: 409,
    title: "The job is not in a state that allows this",
    retryable: false,
  },
  "database-away": { status: 503, title: "Uniview's database does not answer", retryable: true },
  cancelled: { status: 409, title: "Cancelled on request", retryable: false },
  "internal-error": { status: 500, title: "Uniview failed", retryable: false },
} as const satisfies Record<string, ProblemRow>;

export type ProblemSlug = keyof typeof PROBLEMS;

const TYPE_BASE = "https://uniview.dev/problems/";

type Extras = Partial<Omit<ProblemDetail, "type" | "title" | "status" | "detail">>;

/** The one error class of the API: a row of the table, one clear sentence, and what to do next. */
export class Problem extends Error {
  readonly slug: ProblemSlug;
  readonly extras: Extras;
  /** Whether trying again may help: its cause knows better than the table. */
  readonly retryable: boolean;

  constructor(slug: ProblemSlug, detail: string, extras: Extras = {}, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.name = "Problem";
    this.slug = slug;
    this.extras = extras;
    const known =
      typeof cause === "object" && cause !== null && "retryable" in cause ? cause.retryable : undefined;
    this.retryable = typeof known === "boolean" ? known : PROBLEMS[slug].retryable;
  }

  get status(): number {
    return PROBLEMS[this.slug].status;
  }

  /** The body of `application/problem+json` (RFC 9457). */
  toJSON(): ProblemDetail {
    const { status, title } = PROBLEMS[this.slug];
    return { type: TYPE_BASE + this.slug, title, status, detail: this.message, ...this.extras };
  }

  /** Reads a problem body back; an unknown type becomes `internal-error`. */
  static from(body: ProblemDetail): Problem {
    const { type, title: _title, status: _status, detail, ...extras } = body;
    const slug = type.slice(type.lastIndexOf("/") + 1);
    return new Problem(isSlug(slug) ? slug : "internal-error", detail, extras);
  }
}

function isSlug(slug: string): slug is ProblemSlug {
  return Object.hasOwn(PROBLEMS, slug);
}
