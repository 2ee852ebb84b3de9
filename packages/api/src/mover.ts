import { z } from "zod";
import { PROBLEMS, type ProblemSlug } from "./problems.ts";

/**
 * What the control plane and a mover say to each other: HTTP over a unix socket or loopback, bearer token.
 *
 *     PUT    /transfers/{id}                     TransferSpec → TransferFigures; starts, resumes, or renews headers
 *     GET    /transfers/{id}?since=&wait_ms=     TransferFigures, at once or when `revision` > since
 *     DELETE /transfers/{id}?spool=drop|keep     ends it; the spool goes too unless it is to be kept
 */

/** Longest wait of one long poll. */
export const MAX_WAIT_MS = 30_000;
/** A Keystone token is at most a few KiB; PKI ones of old sites reach some tens. */
const MAX_HEADER_CHARS = 65_536;
const MAX_HEADERS = 32;
const MAX_CA_CHARS = 262_144;

const Url = z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).max(8192);

const Headers = z
  .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), z.string().max(MAX_HEADER_CHARS))
  .refine((headers) => Object.keys(headers).length <= MAX_HEADERS, `at most ${MAX_HEADERS} headers`);

const Side = z.object({
  url: Url,
  headers: Headers.default({}),
  ca_pem: z
    .string()
    .max(MAX_CA_CHARS)
    .optional()
    .describe("Trust these certificates instead of the system's"),
  insecure: z.boolean().optional().describe("Do not verify the certificate"),
});

export const TransferId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/);

export const TransferSpec = z.object({
  source: Side,
  target: Side.extend({ method: z.enum(["PUT", "POST"]).default("PUT") })
    .nullable()
    .describe("null: only read and checksum, as when the target turns out to have everything already"),
  size_bytes: z.int().nonnegative().nullable().describe("What the source must have; null: as it says itself"),
  limit_bytes_per_s: z.int().positive().optional(),
});
export type TransferSpec = z.infer<typeof TransferSpec>;
export type TransferSpecInput = z.input<typeof TransferSpec>;

export const TransferState = z.enum(["running", "waiting", "succeeded", "failed", "cancelled"]);
export type TransferState = z.infer<typeof TransferState>;

export const Checksums = z.object({ md5: z.string(), sha256: z.string(), sha512: z.string() });
/** Of the whole stream as it was sent, in hexadecimal. */
export type Checksums = z.infer<typeof Checksums>;

export const TransferProblem = z.object({
  kind: z.enum(["source", "target", "mover"]),
  slug: z.enum(Object.keys(PROBLEMS) as [ProblemSlug, ...ProblemSlug[]]),
  status: z.int().optional().describe("The HTTP status that the side answered with"),
  message: z.string(),
  retryable: z.boolean(),
  needs: z
    .enum(["token", "look"])
    .optional()
    .describe("token: new headers; look: the target is not writable now (409), see in which state it is"),
});
export type TransferProblem = z.infer<typeof TransferProblem>;

export const TransferFigures = z.object({
  id: TransferId,
  revision: z.int().describe("Grows with every change"),
  state: TransferState,
  bytes_total: z.int().nullable(),
  bytes_read: z.int().describe("Taken from the source's wire since the mover started this transfer"),
  bytes_spooled: z.int().describe("Read and kept so far, by this or an earlier mover; zeros count"),
  bytes_sent: z.int().describe("Given to the target by the upload under way"),
  bytes_sent_in_all: z.int().describe("Given to the target by all uploads of this mover"),
  zero_bytes: z.int(),
  rate_bytes_per_s: z.number().nullable(),
  remaining_s: z.number().nullable(),
  checksums: Checksums.nullable().describe("Present when it succeeded"),
  problem: TransferProblem.nullable(),
});
export type TransferFigures = z.infer<typeof TransferFigures>;

/** First line of a mover's standard input; when that input ends, the mover does too. */
export const MoverConfig = z.object({
  token: z.string().min(32),
  spool_dir: z.string().min(1),
  listen: z.union([z.object({ socket_path: z.string() }), z.object({ port: z.int().min(0).max(65_535) })]),
  allow_link_local: z.boolean().default(false).describe("Cloud metadata services live there"),
});
export type MoverConfig = z.infer<typeof MoverConfig>;
export type MoverConfigInput = z.input<typeof MoverConfig>;

/** First line of a mover's standard output, once it answers. */
export const MoverReady = z.object({ port: z.int().nullable() });
