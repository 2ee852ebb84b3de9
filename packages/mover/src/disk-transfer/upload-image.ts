import { ChecksumThread } from "../checksums.ts";
import { persist } from "../persist.ts";
import { upload } from "../target.ts";
import type { TransferContext } from "./context.ts";
import { type ImageBytes, imageOf } from "./image-bytes.ts";
import { openSource } from "./open-sides.ts";

/** Uploads a disk as an image; what was sent has these checksums, for the image service's own to be compared with. */
export async function uploadImage(context: TransferContext): Promise<void> {
  const { board, settings, signal } = context;
  await using source = await openSource(context);
  const side = () => {
    const { target } = context.spec();
    if (target.kind !== "image") throw new Error("the target of a transfer does not become another kind");
    return target;
  };
  const image = await imageOf(source, side().format);
  await persist("target", context, async () => {
    board.beginCopy(image.size_bytes);
    const thread = new ChecksumThread();
    try {
      await upload(side(), image.size_bytes, sent(image, thread, context), settings.allow_link_local, signal);
      board.checksums = await thread.end();
    } finally {
      await thread.close();
    }
  });
}

/** The image's bytes in order; while one piece is on its way the next is read. */
async function* sent(
  image: ImageBytes,
  thread: ChecksumThread,
  { board, throttle, signal }: TransferContext,
): AsyncGenerator<Uint8Array> {
  const pieces = image.pieces();
  let turn = 0;
  const load = async (): Promise<Buffer | null> => {
    const number = turn;
    const slot = thread.slots[turn];
    turn = (turn + 1) % thread.slots.length;
    if (!slot) throw new RangeError(`no slot ${turn}`);
    const { value: piece, done } = pieces.next();
    if (done) return null;
    const bytes = slot.subarray(0, piece.length_bytes);
    await piece.fill(bytes);
    if (piece.from_disk) board.read(bytes.length);
    await thread.add(number, bytes.length);
    return bytes;
  };
  let next = load();
  try {
    for (;;) {
      const bytes = await next;
      if (bytes === null) return;
      next = load();
      next.catch(() => {}); // seen when it is its turn
      await throttle(bytes.length, signal);
      yield bytes;
      board.goesOn("target");
      board.onWire(bytes.length);
      board.wrote(bytes.length);
    }
  } finally {
    await next.catch(() => {}); // the slots are free again
  }
}
