import type { Change } from "@uniview/api";
import type { Audience } from "./audience.ts";

/** A change, and whom it concerns: what servers of one database tell each other. */
export interface Told {
  readonly change: Change;
  readonly audience: Audience;
}

/** What NOTIFY takes is below 8000 bytes. */
const MAX_PAYLOAD_BYTES = 7_999;
const BRACKETS_BYTES = 2;

/** Few payloads that hold all of it, in order. */
export function packTold(told: readonly Told[]): string[] {
  const payloads: string[] = [];
  let entries: string[] = [];
  let size = BRACKETS_BYTES;
  const close = () => {
    if (entries.length > 0) payloads.push(`[${entries.join(",")}]`);
    entries = [];
    size = BRACKETS_BYTES;
  };
  for (const one of told) {
    const entry = JSON.stringify(one);
    const entry_size = Buffer.byteLength(entry) + 1;
    if (size + entry_size > MAX_PAYLOAD_BYTES) close();
    entries.push(entry);
    size += entry_size;
  }
  close();
  return payloads;
}

export function unpackTold(payload: string): Told[] {
  return JSON.parse(payload);
}
