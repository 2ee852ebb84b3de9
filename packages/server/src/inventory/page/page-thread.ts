import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { ChangesDraft } from "../draft-changes.ts";
import type { RowsDraft } from "../draft-rows.ts";
import type { Shelf } from "../shelf.ts";
import type { ReadChanges } from "./read-changes.ts";
import { type ReadPage, release } from "./read-page.ts";
import type { SentPage } from "./read-rows.ts";

/** What the near end tells the far one; all but the last are answered, in order. */
export type PageOrder = { readonly page: number } & (
  | { readonly does: "read"; readonly sent: SentPage }
  | { readonly does: "read changes"; readonly sent: SentPage }
  | {
      readonly does: "draft";
      readonly shelf: Shelf;
      readonly places: readonly number[];
      readonly seen_at: string;
    }
  | { readonly does: "changes" | "facts"; readonly places: readonly number[] }
  | { readonly does: "let go" }
);

export interface PageAnswer {
  readonly page: number;
  readonly value?:
    | Pick<ReadPage, "digest" | "all_new">
    | ReadChanges
    | RowsDraft
    | ChangesDraft
    | readonly unknown[]
    | undefined;
  readonly error?: Error;
}

/** Memory of the thread, so that a page that is none cannot take all of the server's. */
const MAX_HEAP_MB = 192;
/** Most of what a page of 500 servers is made of is garbage before that is full. */
const NURSERY_MB = 4;
/** Three of them are what V8 calls young. */
const MAX_YOUNG_HEAP_MB = 3 * NURSERY_MB;

/** A page takes milliseconds: a thread that says nothing for so long never will, and large sites would wait for it. */
const STUCK_MS = 60_000;

/** Reads pages in a thread of its own. */
export interface PageThread {
  /** False once it has ended, by itself or because it was closed. */
  readonly alive: boolean;
  /** Takes the memory of the page: this thread no longer has it. */
  read(sent: SentPage): Promise<ReadPage>;
  /** Does so, too, and keeps nothing of it. */
  readChanges(sent: SentPage): Promise<ReadChanges>;
  close(): Promise<void>;
}

export function startPageThread(stuck_ms: number = STUCK_MS): PageThread {
  // read when a heap is made: that of this thread stays as it is; and the server's never grows, see `small-heap.ts`
  setFlagsFromString(`--min-semi-space-size=${NURSERY_MB}`);
  const worker = new Worker(new URL("./page-worker.ts", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: MAX_YOUNG_HEAP_MB },
  });
  worker.unref(); // who waits for a page waits for its site, too
  const waiting: PromiseWithResolvers<PageAnswer["value"]>[] = [];
  let gone: Error | undefined;
  let stuck: NodeJS.Timeout | undefined;
  let last_page = 0;

  const end = (error: Error) => {
    gone ??= error;
    clearTimeout(stuck);
    for (const { reject } of waiting.splice(0)) reject(gone);
  };
  const expectAnswer = () => {
    clearTimeout(stuck);
    if (waiting.length === 0) return;
    stuck = setTimeout(() => {
      end(new Error(`The thread that reads pages has said nothing for ${stuck_ms / 1000} s.`));
      void worker.terminate();
    }, stuck_ms).unref();
  };
  worker.on("message", ({ value, error }: PageAnswer) => {
    const asked = waiting.shift();
    expectAnswer();
    if (error) asked?.reject(error);
    else asked?.resolve(value);
  });
  worker.on("error", (error) => end(error instanceof Error ? error : new Error(String(error))));
  worker.on("exit", () => end(new Error("The thread that reads pages ended.")));

  const ask = <Value extends PageAnswer["value"]>(
    order: PageOrder,
    moved: ArrayBuffer[] = [],
  ): Promise<Value> => {
    if (gone) return Promise.reject(gone);
    const asked = Promise.withResolvers<PageAnswer["value"]>();
    waiting.push(asked);
    if (waiting.length === 1) expectAnswer();
    worker.postMessage(order, moved);
    return asked.promise as Promise<Value>;
  };

  return {
    get alive() {
      return gone === undefined;
    },
    async read(sent) {
      last_page += 1;
      const page = last_page;
      const order = { page, does: "read", sent } as const;
      const { digest, all_new } = await ask<Pick<ReadPage, "digest" | "all_new">>(order, memoryOf(sent));
      return {
        digest,
        all_new: all_new && asBuffers(all_new),
        draft: async (shelf, places, seen_at) =>
          asBuffers(await ask<RowsDraft>({ page, does: "draft", shelf, places, seen_at })),
        changes: (places) => ask<ChangesDraft>({ page, does: "changes", places }),
        facts: (places) => ask<readonly unknown[]>({ page, does: "facts", places }),
        letGo() {
          if (all_new) for (const part of [all_new.rows, all_new.blocks]) release(part);
          if (!gone) worker.postMessage({ page, does: "let go" } satisfies PageOrder);
        },
      };
    },
    readChanges(sent) {
      return ask({ page: 0, does: "read changes", sent }, memoryOf(sent));
    },
    async close() {
      await worker.terminate();
    },
  };
}

/** What moves to the other thread instead of being copied. */
function memoryOf({ rows: { bytes, places, fields } }: SentPage): ArrayBuffer[] {
  return [bytes.buffer, places.buffer, ...(fields ? [fields.buffer] : [])];
}

function asBuffers({ blocks, rows }: RowsDraft): RowsDraft {
  return { blocks: asBuffer(blocks), rows: asBuffer(rows) };
}

/** Buffers cross as what they are derived from. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
