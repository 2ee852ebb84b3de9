import { ChunkBench } from "../chunk/chunk-bench.ts";
import type { HashName } from "../chunk/chunk-hash.ts";
import type { ChunkKind } from "../chunk/chunk-word.ts";
import { encodeEntries } from "../pack/pack-entry.ts";
import { TAG_BYTES } from "../seal/aead.ts";
import { type FilePlace, type PathPlace, readPath, readPlace, writePlace } from "./file-place.ts";

/** Chunks that a lane has in hand at a time: while one is worked on, the others are read or written. */
export const SLOTS_PER_LANE = 8;

export const slotBytes = (chunk_bytes: number): number => chunk_bytes + TAG_BYTES;

/** What is asked of a lane. Bytes are in slots, and packs are made in memory that both sides see. */
export type LaneRequest =
  | {
      readonly op: "identify";
      readonly slot: number;
      readonly length: number;
      /** Where the chunk is read from first; without it it's in the slot. */
      readonly from?: FilePlace | undefined;
    }
  | {
      readonly op: "begin";
      readonly into: SharedArrayBuffer;
      readonly key: Uint8Array;
      readonly generation: number;
    }
  | {
      readonly op: "store";
      readonly slot: number;
      readonly length: number;
      readonly id: Uint8Array;
      readonly kind: ChunkKind;
    }
  | { readonly op: "finish" }
  | {
      readonly op: "open";
      readonly slot: number;
      readonly length: number;
      readonly key: Uint8Array;
      readonly offset: number;
      readonly id: Uint8Array;
      readonly word: number;
      /** Where the sealed chunk is read from first; without it it's in the slot. */
      readonly from?: PathPlace | undefined;
      /** Where the chunk is written to; without it it's put into the slot. */
      readonly to?: FilePlace | undefined;
    };

export interface LaneReplies {
  /** The id; null for zeros. */
  identify: Uint8Array | null;
  begin: null;
  /** Length of the pack so far. */
  store: number;
  /** Entries as in a trailer. */
  finish: { readonly length: number; readonly entries: Uint8Array };
  /** Opened: it was that chunk. Missing: there is no such file any more. */
  open: "opened" | "damaged" | "missing";
}

/** What both ends of a lane know from its beginning. */
export interface LaneSetup {
  readonly slots: SharedArrayBuffer;
  readonly chunk_bytes: number;
  readonly hash: HashName;
}

/** The far end of a lane: on a thread, or in line. */
export class LaneCore {
  readonly #bench: ChunkBench;
  readonly #slots: Buffer[];

  constructor({ slots, chunk_bytes, hash }: LaneSetup) {
    this.#bench = new ChunkBench(chunk_bytes, hash);
    this.#slots = slotsOf(slots, chunk_bytes);
  }

  run(request: LaneRequest): LaneReplies[LaneRequest["op"]] {
    switch (request.op) {
      case "identify": {
        const chunk = this.#slot(request);
        if (request.from && !readPlace(chunk, request.from))
          throw new Error(
            `the file ends before byte ${request.from.offset_bytes + chunk.length}, and the disk does not`,
          );
        return this.#bench.identify(chunk);
      }
      case "begin":
        this.#bench.beginPack(Buffer.from(request.into), asBuffer(request.key), request.generation);
        return null;
      case "store":
        return this.#bench.store(this.#slot(request), asBuffer(request.id), request.kind);
      case "finish": {
        const { length, entries } = this.#bench.finishPack();
        return { length, entries: encodeEntries(entries) };
      }
      case "open":
        return this.#open(request);
    }
  }

  #open(request: Extract<LaneRequest, { op: "open" }>): LaneReplies["open"] {
    const { slot, key, offset, word, from, to } = request;
    const sealed = this.#slot(request);
    if (from) {
      const found = readPath(sealed, from);
      if (found !== "read") return found === "missing" ? found : "damaged";
    }
    const use = (chunk: Buffer) => {
      if (to) writePlace(chunk, to);
      else chunk.copy(this.#slot({ slot, length: chunk.length }));
    };
    const at = { offset, id: asBuffer(request.id), word };
    return this.#bench.open(asBuffer(key), at, sealed, use) ? "opened" : "damaged";
  }

  #slot({ slot, length }: { slot: number; length: number }): Buffer {
    const buffer = this.#slots[slot];
    if (!buffer) throw new RangeError(`no slot ${slot}`);
    return buffer.subarray(0, length);
  }
}

export function slotsOf(shared: SharedArrayBuffer, chunk_bytes: number): Buffer[] {
  const size = slotBytes(chunk_bytes);
  return Array.from({ length: SLOTS_PER_LANE }, (_, slot) => Buffer.from(shared, slot * size, size));
}

export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
