import type { Normalised } from "./normalise/normalised.ts";
import type { BlockRow } from "./search/blocks.ts";
import { isPassing } from "./server-status.ts";

/** OpenStack's own limits; what is longer comes from something else, and would not fit into an index. */
export const MAX_NAME_CHARS = 255;
export const MAX_ID_CHARS = 255;

/** A resource as it is stored. */
export interface Stored extends BlockRow, Pick<Normalised, "shared_id" | "created_at" | "updated_at"> {
  readonly facts_text: string;
  /** A server that is on its way from one state to another. */
  readonly changing: boolean;
}

/** @param raw_json what `raw` was read from, or is spelled like */
export function writeDown(
  { raw, facts, ...told }: Normalised,
  raw_json: Buffer = Buffer.from(JSON.stringify(raw)),
): Stored {
  const { name, status } = told;
  return {
    ...told,
    name: name.length > MAX_NAME_CHARS ? name.slice(0, MAX_NAME_CHARS).toWellFormed() : name,
    facts_text: JSON.stringify(facts),
    raw_json,
    changing: ("task_state" in facts && facts.task_state !== null) || isPassing(status),
  };
}
