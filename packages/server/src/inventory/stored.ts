import type { Normalised } from "./normalise/normalised.ts";
import type { BlockRow } from "./search/blocks.ts";
import { isPassing } from "./server-status.ts";

/** OpenStack's own limits; what is longer comes from something else, and would not fit into an index. */
export const MAX_NAME_CHARS = 255;
export const MAX_ID_CHARS = 255;
/** What remains of a resource after it was written down: not its body and its facts, by far the biggest parts. */
export type Kept = Omit<Normalised, "raw" | "facts">;

/** A resource as it is stored. */
export interface Stored extends BlockRow {
  readonly row: Kept;
  readonly facts_text: string;
  /** A server that is on its way from one state to another. */
  readonly changing: boolean;
}

/** @param raw_json what `raw` was read from, or is spelled like */
export function writeDown(
  { raw, facts, ...row }: Normalised,
  raw_json: Buffer = Buffer.from(JSON.stringify(raw)),
): Stored {
  const { id, status, search } = row;
  const name = row.name.length > MAX_NAME_CHARS ? row.name.slice(0, MAX_NAME_CHARS).toWellFormed() : row.name;
  const facts_text = JSON.stringify(facts);
  return {
    row,
    id,
    name,
    status,
    search,
    facts_text,
    raw_json,
    changing: ("task_state" in facts && facts.task_state !== null) || isPassing(status),
  };
}
