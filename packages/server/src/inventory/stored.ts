import { hash } from "node:crypto";
import { setImmediate as othersFirst } from "node:timers/promises";
import type { Normalised } from "./normalise/normalised.ts";
import type { BlockRow } from "./search/blocks.ts";

/** OpenStack's own limits; what is longer comes from something else, and would not fit into an index. */
const MAX_ID_CHARS = 255;
const MAX_NAME_CHARS = 255;
const DIGEST_CHARS = 22; // of SHA-256 in base64: 132 bits
/** Rows that are written down as text before others get a turn. */
const ROWS_A_TURN = 128;
/** A resource as it is stored. */
export interface Stored<Row extends Normalised = Normalised> extends BlockRow {
  readonly row: Row;
  readonly facts_text: string;
  readonly digest: string;
}

/** The last one of each id: a site that repeats itself over pages must not fail the statement. */
export async function writeDown<Row extends Normalised>(rows: Iterable<Row>): Promise<Stored<Row>[]> {
  const by_id = new Map<string, Row>();
  for (const row of rows) if (row.id.length <= MAX_ID_CHARS) by_id.set(row.id, row);
  const all: Stored<Row>[] = [];
  for (const row of by_id.values()) {
    all.push(storedOf(row));
    if (all.length % ROWS_A_TURN === 0) await othersFirst();
  }
  return all;
}

function storedOf<Row extends Normalised>(row: Row): Stored<Row> {
  const { id, status, search, facts, shared_id, created_at, updated_at } = row;
  const name = row.name.slice(0, MAX_NAME_CHARS).toWellFormed();
  const facts_text = JSON.stringify(facts);
  const raw_text = storable(JSON.stringify(row.raw));
  const columns = [name, status, shared_id, created_at, updated_at].join("\n");
  const digest = hash("sha256", `${columns}\n${search}${facts_text}${raw_text}`, "base64");
  return { row, id, name, status, search, facts_text, raw_text, digest: digest.slice(0, DIGEST_CHARS) };
}

/** NUL and half surrogate pairs, as `JSON.stringify` escapes them; an even number of backslashes before is text. */
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/** PostgreSQL, and many a client, cannot keep every string that JSON can spell: the rest becomes U+FFFD. */
function storable(json: string): string {
  return json.includes("\\u") ? json.replace(UNSTORABLE, "$1\\ufffd") : json;
}
