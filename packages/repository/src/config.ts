import { hash, randomUUID } from "node:crypto";
import type { HashName } from "./chunk/chunk-hash.ts";
import { Damaged } from "./damage.ts";
import { maxSegmentBytes } from "./point/segment.ts";

export const CONFIG_NAME = "config";
const FORMAT = "uniview-repository";
const VERSION = 1;
const CHUNK_BYTES = 1024 * 1024;
const MIN_CHUNK_BYTES = 4096;
const MAX_CHUNK_BYTES = 4 * 1024 * 1024;
const SEGMENT_CHUNKS = 4096;
const HASHES: ReadonlySet<HashName> = new Set(["sha256", "blake3"]);

/** What a repository is; written once. */
export interface RepositoryConfig {
  readonly id: string;
  readonly chunk_bytes: number;
  readonly segment_chunks: number;
  /** What chunks are named by. */
  readonly hash: HashName;
  readonly created_at: string;
}

/** What is settled when a repository is made, for as long as it lives. */
export interface RepositoryMake {
  readonly chunk_bytes?: number;
  readonly segment_chunks?: number;
  readonly hash?: HashName;
}

/** @throws RangeError for sizes that the format does not allow */
export function createConfig(
  now: number,
  { chunk_bytes = CHUNK_BYTES, segment_chunks = SEGMENT_CHUNKS, hash: name = "sha256" }: RepositoryMake,
): Buffer {
  const is_power = Number.isInteger(Math.log2(chunk_bytes));
  if (!is_power || chunk_bytes < MIN_CHUNK_BYTES || chunk_bytes > MAX_CHUNK_BYTES)
    throw new RangeError(`chunk_bytes is ${chunk_bytes}: it must be a power of two, 4 KiB to 4 MiB`);
  if (segment_chunks < 1 || maxSegmentBytes(segment_chunks) > chunk_bytes)
    throw new RangeError(`segment_chunks is ${segment_chunks}: a segment must fit into a chunk`);
  const created_at = new Date(now).toISOString();
  const fields = {
    format: FORMAT,
    version: VERSION,
    id: randomUUID(),
    chunk_bytes,
    segment_chunks,
    hash: name,
    created_at,
  };
  return Buffer.from(JSON.stringify({ ...fields, sha256: hash("sha256", JSON.stringify(fields)) }));
}

/** @throws Damaged; Error when a newer program made the repository */
export function parseConfig(bytes: Buffer): RepositoryConfig {
  const { sha256, ...fields } = parse(bytes);
  if (fields["format"] !== FORMAT) throw new Damaged(CONFIG_NAME, `its format is not ${FORMAT}`);
  if (typeof fields["version"] === "number" && fields["version"] > VERSION)
    throw new Error(
      `the repository has format ${fields["version"]}, and this program reads ${VERSION}: use a newer one`,
    );
  if (hash("sha256", JSON.stringify(fields)) !== sha256)
    throw new Damaged(CONFIG_NAME, "its checksum is not right");
  const config = { hash: "sha256", ...fields } as unknown as RepositoryConfig; // the first ones do not say it
  if (!HASHES.has(config.hash))
    throw new Error(`chunks of the repository are named by ${config.hash}, which this program does not know`);
  return config;
}

function parse(bytes: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(bytes.toString()) as Record<string, unknown>;
  } catch (cause) {
    throw new Damaged(CONFIG_NAME, "it is no JSON", { cause });
  }
}
