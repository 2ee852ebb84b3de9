import { z } from "zod";
import { PROBLEMS, type ProblemSlug } from "./problems.ts";

/**
 * What the control plane and a mover say to each other: HTTP over a unix socket or loopback, bearer token.
 *
 *     PUT    /transfers/{id}                     TransferSpec or DiskTransferSpec → TransferFigures; starts, resumes, or renews headers
 *     GET    /transfers/{id}?since=&wait_ms=     TransferFigures, at once or when `revision` > since
 *     DELETE /transfers/{id}?spool=drop|keep     ends it; the spool goes too unless it is to be kept
 *     PUT    /identities/{id}                    → PeerIdentity: who this mover is towards the other one of that transfer
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

/** An image from one URL to another, byte by byte, whatever is in it. */
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

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day, as 22:30");

/** How fast a transfer may go, and when. */
export const RatePlan = z.object({
  limit_bytes_per_s: z.int().positive().optional().describe("Outside of all windows; absent: no limit"),
  time_zone: z
    .string()
    .default("UTC")
    .refine(isTimeZone, "must be a time zone, as Europe/Berlin")
    .describe("Windows are times of day there"),
  windows: z
    .array(
      z.object({
        days: z
          .array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
          .min(1)
          .optional()
          .describe("On which it begins; absent: every day"),
        from: TimeOfDay,
        to: TimeOfDay.describe("Exclusive; not after `from`: on the next day"),
        limit_bytes_per_s: z.int().nonnegative().nullable().describe("null: no limit; 0: nothing moves"),
      }),
    )
    .max(64)
    .default([])
    .describe("The first one that it is in counts"),
});
export type RatePlan = z.infer<typeof RatePlan>;

const DiskFormat = z.enum(["raw", "qcow2"]).default("raw");
const AbsolutePath = z
  .string()
  .max(4096)
  .regex(/^\/[^\0]*$/, "must be an absolute path")
  .describe("Below what the mover was allowed at its start");
/** SHA-256 of a certificate, in hexadecimal. */
const Fingerprint = z.string().regex(/^[0-9a-f]{64}$/);

const RepositoryAccess = z.object({
  url: z.string().max(8192).describe("Where it is: a folder's absolute path, or a URL that the mover knows"),
  key: z.string().max(1024).describe("What its key file holds"),
  tenant: z.string().max(64),
  env: z
    .record(z.string(), z.string())
    .default({})
    .describe("Credentials of the storage, as its tools name them"),
});
export type RepositoryAccess = z.infer<typeof RepositoryAccess>;

const FileSide = z.object({ kind: z.literal("file"), path: AbsolutePath, format: DiskFormat });
const DeviceSide = z.object({ kind: z.literal("device"), path: AbsolutePath });
const ImageSide = Side.extend({
  kind: z.literal("image"),
  format: DiskFormat.describe("Of the bytes at the URL: Glance's disk_format"),
});

/** Where a disk is read. */
export const DiskSourceSide = z.discriminatedUnion("kind", [
  FileSide,
  DeviceSide,
  ImageSide,
  z.object({
    kind: z.literal("point"),
    repository: RepositoryAccess,
    point: z.string(),
    disk: z.string(),
  }),
  z
    .object({ kind: z.literal("peer"), fingerprint: Fingerprint })
    .describe("The mover that will connect to this one"),
]);
export type DiskSourceSide = z.infer<typeof DiskSourceSide>;

/** Where a disk is written. */
export const DiskTargetSide = z.discriminatedUnion("kind", [
  FileSide,
  DeviceSide,
  ImageSide.extend({ method: z.enum(["PUT", "POST"]).default("PUT") }),
  z.object({
    kind: z.literal("point"),
    repository: RepositoryAccess,
    disk: z.string().max(255),
    labels: z.record(z.string(), z.string()).default({}),
    description: z.json().default(null),
    taken_at: z.iso.datetime().optional().describe("When the disk was as it is here; absent: now"),
  }),
  z
    .object({
      kind: z.literal("peer"),
      host: z.string().min(1).max(255),
      port: z.int().min(1).max(65_535),
      fingerprint: Fingerprint,
    })
    .describe("Another mover, which waits for this one"),
]);
export type DiskTargetSide = z.infer<typeof DiskTargetSide>;

/** A disk, from and to wherever disks are: only what the target does not have is moved, and read again at the end. */
export const DiskTransferSpec = z.object({
  source: DiskSourceSide,
  target: DiskTargetSide,
  rate: RatePlan.prefault({}),
  compare: z
    .boolean()
    .default(true)
    .describe("Look at what the target has already; false: all of it is written"),
  pack: z
    .enum(["always", "if_faster"])
    .default("if_faster")
    .describe("To another mover: always: least traffic; if_faster: chunks that would wait for the wire"),
});
export type DiskTransferSpec = z.infer<typeof DiskTransferSpec>;
export type DiskTransferSpecInput = z.input<typeof DiskTransferSpec>;

/** What a mover tells of itself before a stream: its certificate's fingerprint, and where it listens for others. */
export const PeerIdentity = z.object({ fingerprint: Fingerprint, port: z.int().nullable() });
export type PeerIdentity = z.infer<typeof PeerIdentity>;

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
  bytes_skipped: z.int().describe("Of a disk: zeros, and what the target had already"),
  bytes_written: z.int().describe("Of a disk: to the target"),
  bytes_verified: z.int().describe("Of a disk: read again from the target and compared"),
  bytes_sent: z.int().describe("Given to the target by the upload under way"),
  bytes_sent_in_all: z.int().describe("Given to the target by all uploads of this mover"),
  zero_bytes: z.int(),
  rate_bytes_per_s: z.number().nullable(),
  remaining_s: z.number().nullable(),
  checksums: Checksums.nullable().describe("Of an image, when it succeeded"),
  point: z.string().nullable().describe("The recovery point that was written, when it succeeded"),
  problem: TransferProblem.nullable(),
});
export type TransferFigures = z.infer<typeof TransferFigures>;

/** First line of a mover's standard input; when that input ends, the mover does too. */
export const MoverConfig = z.object({
  token: z.string().min(32),
  spool_dir: z.string().min(1),
  listen: z.union([z.object({ socket_path: z.string() }), z.object({ port: z.int().min(0).max(65_535) })]),
  allow_link_local: z.boolean().default(false).describe("Cloud metadata services live there"),
  allow_paths: z
    .array(AbsolutePath)
    .default([])
    .describe("Files, devices and repositories of this machine are used only at or below these"),
  stream: z
    .object({ host: z.string(), port: z.int().min(0).max(65_535) })
    .optional()
    .describe("Listen there for other movers; absent: only connect to them"),
});
export type MoverConfig = z.infer<typeof MoverConfig>;
export type MoverConfigInput = z.input<typeof MoverConfig>;

/** First line of a mover's standard output, once it answers. */
export const MoverReady = z.object({
  port: z.int().nullable(),
  stream_port: z.int().nullable().describe("Where it listens for other movers"),
});

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
