import { Damaged } from "../damage.ts";
import { listPacks } from "../index/catalogue.ts";
import { decodePack, packKey, packName } from "../pack/pack-format.ts";
import { ObjectMissing } from "../storage/storage.ts";
import { slotBytes } from "../thread/lane-core.ts";
import { Lanes } from "../thread/lanes.ts";
import type { Vault } from "../vault.ts";
import type { VerifyOptions } from "./verify.ts";

/** A pack, or one chunk of it, is not as it was put. */
export interface PackFault {
  readonly object: string;
  readonly chunk?: string;
  readonly problem: string;
}

/** Reads packs whole and opens every chunk in them. */
export async function verifyPacks(vault: Vault, { part, signal }: VerifyOptions) {
  const faults: PackFault[] = [];
  let packs = 0;
  let read_bytes = 0;
  const lanes = new Lanes(vault, vault.threads);
  try {
    for (const id of (await listPacks(vault)).keys()) {
      signal?.throwIfAborted();
      if (part && Number.parseInt(id.slice(0, 8), 16) % part.of !== part.index) continue;
      const bytes = await packIfThere(vault, id);
      if (!bytes) continue; // a collection deleted it
      packs++;
      read_bytes += bytes.length;
      faults.push(...(await verifyPack(vault, lanes, id, bytes)));
    }
  } finally {
    await lanes.close();
  }
  return { faults, packs, read_bytes };
}

async function verifyPack(vault: Vault, lanes: Lanes, id: string, bytes: Buffer): Promise<PackFault[]> {
  const object = packName(id);
  try {
    const { generation, entries } = decodePack(vault.keys, id, bytes);
    const key = packKey(vault.keys, generation, id);
    const opened = entries.map(async (entry) => {
      const { length, offset, word } = entry;
      if (length > slotBytes(vault.chunk_bytes)) return "damaged";
      const slot = await lanes.take();
      try {
        bytes.copy(slot.bytes, 0, offset, offset + length);
        const { number, lane } = slot;
        const at = { offset, id: entry.id, word, digests: true };
        return await lane.ask({ op: "open", slot: number, length, key, ...at });
      } finally {
        lanes.giveBack(slot);
      }
    });
    const results = await Promise.all(opened);
    return entries.flatMap(({ id: chunk, offset }, index) =>
      results[index] === "opened"
        ? []
        : [{ object, chunk: chunk.toString("hex"), problem: `the chunk at byte ${offset} does not open` }],
    );
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    return [{ object, problem: error.message }];
  }
}

async function packIfThere(vault: Vault, id: string): Promise<Buffer | undefined> {
  try {
    return await vault.storage.get(packName(id));
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  }
}
