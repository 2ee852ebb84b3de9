import type { ChunkSink } from "../copy/chunk-sink.ts";
import { DIGEST_BYTES, NO_DIGEST } from "../copy/digest.ts";
import { KIND } from "./frame.ts";
import type { Link } from "./link.ts";

/** Told at once: the sender waits for it, and looking at them may take reading them. */
const PAGE_CHUNKS = 64;
/** A run of equal digests is told at least so often. */
const MAX_RUN = 65_536;

/** Tells the sender, from the first chunk to the last, what the target has; runs of the same (holes, a new disk) in a few bytes. */
export async function tellWhatIsThere(
  link: Link,
  sink: Pick<ChunkSink, "known">,
  chunks: number,
): Promise<void> {
  let run: { first: number; count: number; digest: Buffer } | undefined;
  const tellRun = async () => {
    if (run) await link.send(KIND.has, { chunk: run.first, count: run.count }, run.digest);
    run = undefined;
  };
  for (let first = 0; first < chunks; first += PAGE_CHUNKS) {
    const count = Math.min(PAGE_CHUNKS, chunks - first);
    const page = Buffer.alloc(count * DIGEST_BYTES);
    for (let index = 0; index < count; index++)
      ((await sink.known(first + index)) ?? NO_DIGEST).copy(page, index * DIGEST_BYTES);
    const digest = page.subarray(0, DIGEST_BYTES);
    // Equal to itself moved by one digest: all are the same.
    const uniform = page.subarray(DIGEST_BYTES).equals(page.subarray(0, -DIGEST_BYTES));
    if (!uniform) {
      await tellRun();
      await link.send(KIND.has, { chunk: first }, page);
    } else if (run?.digest.equals(digest) && run.count < MAX_RUN) run.count += count;
    else {
      await tellRun();
      run = { first, count, digest };
    }
  }
  await tellRun();
}
