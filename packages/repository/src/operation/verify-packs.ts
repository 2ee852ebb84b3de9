import { Damaged } from "../damage.ts";
import { listPacks } from "../index/catalogue.ts";
import type { PackEntry } from "../pack/pack-entry.ts";
import { decodePack, packKey, packName } from "../pack/pack-format.ts";
import { ObjectMissing } from "../storage/storage.ts";
import { slotBytes } from "../thread/lane-core.ts";
import { Lanes } from "../thread/lanes.ts";
import type { Vault } from "../vault.ts";
import type { VerifyOptions } from "./verify.ts";

/** Packs that are read while others are verified have so many bytes at most, or are one: memory, against storages that are far away. */
const AHEAD_BYTES = 64 * 1024 * 1024;

/** A pack, or one chunk of it, is not as it was put. */
export interface PackFault {
  readonly object: string;
  readonly chunk?: string;
  readonly problem: string;
}

/** What was found in one pack. */
interface PackReport {
  readonly faults: readonly PackFault[];
  readonly read_bytes: number;
}

/** Reads packs whole, some of them at once, and opens every chunk in them. Faults come in the order of the packs. */
export async function verifyPacks(vault: Vault, { part, signal, onProgress }: VerifyOptions) {
  const wanted = [...(await listPacks(vault))].filter(([id]) => isOfPart(id, part));
  const size_bytes = wanted.reduce((sum, [, bytes]) => sum + bytes, 0);
  const ahead: { readonly bytes: number; readonly report: Promise<PackReport | undefined> }[] = [];
  let ahead_bytes = 0;
  let done_bytes = 0;
  const found = { faults: [] as PackFault[], packs: 0, read_bytes: 0 };
  const lanes = new Lanes(vault, vault.threads);

  const finishFirst = async () => {
    const [first] = ahead;
    const report = await first?.report;
    ahead.shift();
    ahead_bytes -= first?.bytes ?? 0;
    done_bytes += first?.bytes ?? 0;
    onProgress?.({ done_bytes, size_bytes });
    if (!report) return; // a collection deleted it
    found.packs++;
    found.read_bytes += report.read_bytes;
    found.faults.push(...report.faults);
  };

  try {
    for (const [id, bytes] of wanted) {
      while (ahead.length > 0 && ahead_bytes + bytes > AHEAD_BYTES) await finishFirst();
      signal?.throwIfAborted();
      const report = verifyPack(vault, lanes, id);
      report.catch(() => {}); // seen when it is its turn
      ahead.push({ bytes, report });
      ahead_bytes += bytes;
    }
    while (ahead.length > 0) await finishFirst();
  } finally {
    await Promise.allSettled(ahead.map(({ report }) => report)); // they use the lanes
    await lanes.close();
  }
  return found;
}

function isOfPart(id: string, part: VerifyOptions["part"]): boolean {
  return !part || Number.parseInt(id.slice(0, 8), 16) % part.of === part.index;
}

/** Undefined when the pack is gone. */
async function verifyPack(vault: Vault, lanes: Lanes, id: string): Promise<PackReport | undefined> {
  const bytes = await packIfThere(vault, id);
  return bytes && { faults: await faultsOf(vault, lanes, id, bytes), read_bytes: bytes.length };
}

async function faultsOf(vault: Vault, lanes: Lanes, id: string, bytes: Buffer): Promise<PackFault[]> {
  const object = packName(id);
  try {
    const { generation, entries } = decodePack(vault.keys, id, bytes);
    const key = packKey(vault.keys, generation, id);
    const opens = await Promise.all(entries.map((entry) => doesOpen(vault, lanes, key, entry, bytes)));
    return entries.flatMap(({ id: chunk, offset }, index) =>
      opens[index]
        ? []
        : [{ object, chunk: chunk.toString("hex"), problem: `the chunk at byte ${offset} does not open` }],
    );
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    return [{ object, problem: error.message }];
  }
}

async function doesOpen(
  vault: Vault,
  lanes: Lanes,
  key: Buffer,
  { id, offset, length, word }: PackEntry,
  pack: Buffer,
): Promise<boolean> {
  if (length > slotBytes(vault.chunk_bytes)) return false;
  const slot = await lanes.take();
  try {
    pack.copy(slot.bytes, 0, offset, offset + length);
    const at = { offset, id, word, digests: true };
    const opening = await slot.lane.ask({ op: "open", slot: slot.number, length, key, ...at });
    return opening === "opened";
  } finally {
    lanes.giveBack(slot);
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
