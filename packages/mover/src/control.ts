import { timingSafeEqual } from "node:crypto";
import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { Problem } from "@uniview/api";
import {
  DiskTransferSpec,
  MAX_WAIT_MS,
  type PeerIdentity,
  TransferId,
  TransferSpec,
} from "@uniview/api/mover";
import { z } from "zod";
import type { MoverSettings } from "./disk-transfer/context.ts";
import { DiskTransfer } from "./disk-transfer/disk-transfer.ts";
import { TransferFailure } from "./failure.ts";
import { identityIn } from "./stream/identity-file.ts";
import { Transfer } from "./transfer.ts";

/** A spec is two URLs and two sets of headers. */
const MAX_BODY_BYTES = 1_048_576;
/** Whoever has more at once than this machine can hash has lost count of them. */
const MAX_TRANSFERS = 256;

const WaitQuery = z.object({
  since: z.coerce.number().int().min(0).default(0),
  wait_ms: z.coerce.number().int().min(0).max(MAX_WAIT_MS).default(0),
});
const DropQuery = z.object({ spool: z.enum(["drop", "keep"]).default("drop") });

/** The mover's HTTP face; `@uniview/api/mover` says what it speaks. The caller lets it listen. */
export function createControl(settings: MoverSettings): Server {
  const transfers = new Map<string, Transfer | DiskTransfer>();
  const expected = Buffer.from(`Bearer ${settings.token}`);

  const allowed = (request: IncomingMessage): boolean => {
    const given = Buffer.from(request.headers.authorization ?? "");
    return given.length === expected.length && timingSafeEqual(given, expected);
  };

  const put = async (id: string, body: unknown): Promise<Transfer | DiskTransfer> => {
    const known = transfers.get(id);
    const spec = isOfDisk(body) ? check(DiskTransferSpec, body) : check(TransferSpec, body);
    if (known instanceof DiskTransfer && "compare" in spec) await known.resume(spec);
    else if (known instanceof Transfer && !("compare" in spec)) await known.resume(spec);
    else if (known)
      throw new Problem(
        "invalid-input",
        `Transfer ${id} is of another kind; end it first, or use another id.`,
      );
    else transfers.set(id, begin(id, spec));
    return find(id);
  };

  const begin = (id: string, spec: TransferSpec | DiskTransferSpec): Transfer | DiskTransfer => {
    if (transfers.size >= MAX_TRANSFERS) {
      throw new Problem(
        "too-many-requests",
        `The mover has ${MAX_TRANSFERS} transfers already; drop those that ended.`,
      );
    }
    const dir = join(settings.spool_dir, id);
    if ("compare" in spec) return new DiskTransfer(id, dir, spec, settings);
    return new Transfer(id, dir, spec, settings.allow_link_local);
  };

  const find = (id: string): Transfer | DiskTransfer => {
    const known = transfers.get(id);
    if (!known) throw new Problem("not-found", `The mover has no transfer ${id}.`);
    return known;
  };

  const drop = async (id: string, spool: "drop" | "keep"): Promise<void> => {
    const known = transfers.get(id);
    transfers.delete(id);
    if (known) await known.end(spool);
    else if (spool === "drop") await rm(join(settings.spool_dir, id), { recursive: true, force: true });
  };

  const answer = async (request: IncomingMessage): Promise<unknown> => {
    if (!allowed(request)) throw new Problem("not-signed-in", "The mover's token is missing or wrong.");
    const url = new URL(request.url ?? "/", "http://mover");
    const path = /^\/(transfers|identities)\/([^/]+)$/.exec(url.pathname);
    if (!path) throw new Problem("not-found", `The mover knows no path ${url.pathname}.`);
    const id = check(TransferId, path[2]);
    if (path[1] === "identities") return await identify(id, request.method);
    const query = Object.fromEntries(url.searchParams);
    switch (request.method) {
      case "PUT":
        return (await put(id, await readJson(request))).figures();
      case "GET": {
        const { since, wait_ms } = check(WaitQuery, query);
        return await find(id).after(since, wait_ms);
      }
      case "DELETE":
        return await drop(id, check(DropQuery, query).spool);
      default:
        throw new Problem(
          "invalid-input",
          `The mover knows no method ${request.method}; use PUT, GET or DELETE.`,
        );
    }
  };

  /** Who this mover is in a transfer; the same whenever it is asked, until the transfer is dropped. */
  const identify = async (id: string, method: string | undefined): Promise<PeerIdentity> => {
    if (method !== "PUT") throw new Problem("invalid-input", "An identity is asked for by PUT.");
    const { fingerprint } = await identityIn(join(settings.spool_dir, id));
    return { fingerprint, port: settings.listener?.port ?? null };
  };

  return createServer((request, response) => {
    answer(request).then(
      (body) => send(response, body === undefined ? 204 : 200, body),
      (error: unknown) => {
        const problem = problemOf(error);
        send(response, problem.status, problem, "application/problem+json");
      },
    );
  });
}

/** Whose source has a kind is a disk's; a bare URL is an image's. */
function isOfDisk(body: unknown): boolean {
  const source = typeof body === "object" && body !== null && "source" in body ? body.source : undefined;
  return typeof source === "object" && source !== null && "kind" in source;
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TransferFailure) return new Problem(error.problem.slug, error.message);
  return new Problem("internal-error", String(error));
}

/** Says which field is wrong and why, but never its value: it may be a token. */
function check<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => ({ field: path.join("."), detail: message }));
  const [first] = errors;
  throw new Problem(
    "invalid-input",
    `${first?.field || "The request"}: ${first?.detail ?? "is not valid"}.`,
    { errors },
  );
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY_BYTES)
      throw new Problem("payload-too-large", `A spec has at most ${MAX_BODY_BYTES} bytes.`);
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch {
    throw new Problem("invalid-input", "The body is not JSON.");
  }
}

function send(response: ServerResponse, status: number, body: unknown, type = "application/json"): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  response.writeHead(status, { "content-type": type }).end(JSON.stringify(body));
}
