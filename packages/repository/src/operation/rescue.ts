import { randomBytes } from "node:crypto";
import { kindOf } from "../chunk/chunk-word.ts";
import { packAt } from "../index/catalogue.ts";
import { Packer } from "../session/packer.ts";
import type { Vault } from "../vault.ts";
import { ChunkReader } from "./chunk-reader.ts";
import type { Marked } from "./mark.ts";

/**
 * Copies chunks that are reached and that only condemned packs hold into new packs; answers how many.
 * @throws Damaged when one does not open: then nothing may be deleted
 */
export async function rescueChunks(vault: Vault, { catalogue, reached }: Marked): Promise<number> {
  const { chunks } = catalogue;
  const wanted: number[] = [];
  for (let number = 0; number < chunks.size; number++)
    if (reached.has(number) && packAt(catalogue, chunks.packOf(number)).condemned) wanted.push(number);
  if (wanted.length === 0) return 0;

  const session = randomBytes(16).toString("hex");
  // One thread: it leaves one small pack at most, and what is merged now need not be merged again.
  const packer = new Packer({ ...vault, threads: Math.min(vault.threads, 1) }, session, catalogue);
  try {
    await using reader = await ChunkReader.open(vault, { catalogue });
    for (const number of wanted) await copyChunk(reader, packer, chunks.at(number));
    await packer.flush();
  } finally {
    await packer.close();
  }
  return wanted.length;
}

/** Reads a chunk here and adds it there. */
export async function copyChunk(
  reader: ChunkReader,
  packer: Packer,
  { id, word }: { readonly id: Buffer; readonly word: number },
): Promise<void> {
  const from = await reader.take();
  try {
    const bytes = await reader.read(id, from);
    const to = await packer.take();
    bytes.copy(to.bytes);
    await packer.add(to, bytes.length, kindOf(word));
  } finally {
    reader.giveBack(from);
  }
}
