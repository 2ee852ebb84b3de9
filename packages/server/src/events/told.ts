import type { Change } from "@uniview/api";
import type { Audience } from "./audience.ts";

/** Changes, and whom they concern: what servers of one database tell each other. */
export interface Told {
  readonly changes: readonly Change[];
  readonly audience: Audience;
}

/** What NOTIFY takes is below 8000 bytes. */
const MAX_PAYLOAD_BYTES = 7_999;
/** Around the changes of an entry and around all entries, with the comma between two. */
const FRAME_BYTES = '{"audience":,"changes":[]},[]'.length;

/** Few payloads that hold all of it, in order. */
export function packTold(told: readonly Told[]): string[] {
  const payloads: string[] = [];
  let entries: string[] = [];
  let room = MAX_PAYLOAD_BYTES;
  const closePayload = () => {
    if (entries.length > 0) payloads.push(`[${entries.join(",")}]`);
    entries = [];
    room = MAX_PAYLOAD_BYTES;
  };
  for (const { changes, audience } of told) {
    const whom = JSON.stringify(audience);
    const frame_bytes = FRAME_BYTES + Buffer.byteLength(whom);
    let packed: string[] = [];
    const closeEntry = () => {
      if (packed.length > 0) entries.push(`{"audience":${whom},"changes":[${packed.join(",")}]}`);
      packed = [];
    };
    for (const change of changes) {
      const json = JSON.stringify(change);
      const size = Buffer.byteLength(json) + 1;
      if (size + (packed.length === 0 ? frame_bytes : 0) > room) {
        closeEntry();
        closePayload();
      }
      room -= size + (packed.length === 0 ? frame_bytes : 0);
      packed.push(json);
    }
    closeEntry();
  }
  closePayload();
  return payloads;
}

export function unpackTold(payload: string): Told[] {
  return JSON.parse(payload);
}
