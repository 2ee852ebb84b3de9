import { createHash } from "node:crypto";
import type { Normalised } from "./normalise/normalised.ts";
import type { BlockRow } from "./search/blocks.ts";

/** OpenStack's own limit; what is longer comes from something else, and would not fit into an index. */
const MAX_NAME_CHARS = 255;
const DIGEST_CHARS = 22; // of SHA-256 in base64: 132 bits
/** What remains of a resource after it was written down: its body, by far the biggest part, does not. */
export type Kept = Omit<Normalised, "raw">;

/** A resource as it is stored. */
export interface Stored extends BlockRow {
  readonly row: Kept;
  readonly facts_text: string;
  readonly digest: string;
}

export function writeDown({ raw, ...row }: Normalised): Stored {
  const { id, status, search, facts, shared_id, created_at, updated_at } = row;
  const name = row.name.slice(0, MAX_NAME_CHARS).toWellFormed();
  const facts_text = JSON.stringify(facts);
  const raw_json = Buffer.from(storable(JSON.stringify(raw)));
  const columns = [name, status, shared_id, created_at, updated_at].join("\n");
  const digest = createHash("sha256")
    .update(`${columns}\n${search}${facts_text}`)
    .update(raw_json)
    .digest("base64");
  return { row, id, name, status, search, facts_text, raw_json, digest: digest.slice(0, DIGEST_CHARS) };
}

/** NUL and half surrogate pairs, as `JSON.stringify` escapes them; an even number of backslashes before is text. */
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/** PostgreSQL, and many a client, cannot keep every string that JSON can spell: the rest becomes U+FFFD. */
function storable(json: string): string {
  return json.includes("\\u") ? json.replace(UNSTORABLE, "$1\\ufffd") : json;
}
