import { ChunkMissing, Damaged } from "../damage.ts";
import { type Catalogue, findChunk, loadCatalogue, packAt } from "../index/catalogue.ts";
import { packName } from "../pack/pack-format.ts";
import { type DiskManifest, listPointIds } from "../point/recovery-point.ts";
import { ObjectMissing } from "../storage/storage.ts";
import { getSealed, listFolder, SHORT_ID, type Vault } from "../vault.ts";
import { ChunkReader } from "./chunk-reader.ts";
import { pointIfThere } from "./mark.ts";
import { readSegments } from "./read-disk.ts";
import { type PackFault, verifyPacks } from "./verify-packs.ts";

export interface VerifyOptions {
  /** Only every so many-th part of the packs, by their ids, which are random: part 0 to `of` - 1 in turn read everything. */
  readonly part?: { readonly index: number; readonly of: number };
  readonly signal?: AbortSignal;
  /** Of the packs' bytes. */
  readonly onProgress?: (progress: VerifyProgress) => void;
}

export interface VerifyProgress {
  readonly done_bytes: number;
  readonly size_bytes: number;
}

export interface Problem {
  /** The object that is damaged or missing, below the tenant's folder. */
  readonly object: string;
  /** The chunk in it, when it is one. */
  readonly chunk?: string;
  readonly problem: string;
  /** Recovery points that cannot be restored whole because of it, as `<point>/<disk>`. */
  readonly concerns: readonly string[];
}

export interface VerifyReport {
  readonly points: number;
  readonly packs: number;
  readonly read_bytes: number;
  readonly problems: readonly Problem[];
}

const SEALED_FOLDERS = ["indexes", "notices", "locks", "fences", "voids"];

/** Reads what is stored and names everything that is not as it was put, with the recovery points that it concerns. */
export async function verify(vault: Vault, options: VerifyOptions = {}): Promise<VerifyReport> {
  await vault.storage.settle();
  const problems: Problem[] = [];
  for (const folder of SEALED_FOLDERS)
    for (const id of await listFolder(vault, folder, SHORT_ID))
      await note(problems, () => getSealed(vault, `${folder}/${id}`));
  const { faults, packs, read_bytes } = await verifyPacks(vault, options);

  // Without a whole index recovery points cannot be told apart from what they miss.
  const index_damaged = problems.some(({ object }) => object.startsWith("indexes/"));
  const walked = index_damaged ? NOT_WALKED : await walkUntilSure(vault, faults);
  for (const fault of faults) {
    const { object, chunk, problem } = fault;
    const concerns = walked.concerns.get(fault) ?? [];
    problems.push({ object, ...(chunk ? { chunk } : {}), problem, concerns });
  }
  return { points: walked.points, packs, read_bytes, problems: [...problems, ...walked.problems] };
}

interface Walked {
  readonly points: number;
  /** Disks that meet a fault. */
  readonly concerns: Map<PackFault, string[]>;
  readonly problems: Problem[];
  /** Whether a chunk was in no pack. */
  misses: boolean;
}

const NOT_WALKED: Walked = { points: 0, concerns: new Map(), problems: [], misses: false };

/** A catalogue that was read while a collection replaced it can miss what was moved meanwhile. */
const MAX_WALKS = 3;

async function walkUntilSure(vault: Vault, faults: readonly PackFault[]): Promise<Walked> {
  for (let walks = 1; ; walks++) {
    const walked = await walkPoints(vault, faults);
    if (!walked.misses || walks === MAX_WALKS) return walked;
    await vault.storage.settle();
  }
}

/** Walks through all recovery points, and says which faults each of their disks meets. */
async function walkPoints(vault: Vault, faults: readonly PackFault[]): Promise<Walked> {
  const ids = await listPointIds(vault);
  await vault.storage.settle();
  const catalogue = await loadCatalogue(vault);
  const walked = {
    points: 0,
    concerns: new Map<PackFault, string[]>(),
    problems: [] as Problem[],
    misses: false,
  };
  await using reader = await ChunkReader.open(vault, { catalogue });
  for (const id of ids) {
    const point = await note(walked.problems, () => pointIfThere(vault, id));
    if (!point) continue;
    walked.points++;
    for (const disk of point.disks) {
      const whole = `${id}/${disk.name}`;
      for (const fault of await walkDisk(reader, catalogue, faults, disk, (error) => {
        const chunk = error instanceof ChunkMissing ? { chunk: error.chunk } : {};
        const object = error instanceof ChunkMissing ? `points/${id}` : error.object;
        walked.misses ||= error instanceof ChunkMissing;
        walked.problems.push({ object, ...chunk, problem: error.message, concerns: [whole] });
      }))
        walked.concerns.set(fault, [...(walked.concerns.get(fault) ?? []), whole]);
    }
  }
  return walked;
}

/** The faults that a disk meets; tells of the first thing that ends the walk early. */
async function walkDisk(
  reader: ChunkReader,
  catalogue: Catalogue,
  faults: readonly PackFault[],
  disk: DiskManifest,
  tell: (error: ChunkMissing | Damaged) => void,
): Promise<Set<PackFault>> {
  const met = new Set<PackFault>();
  const meet = async (id: Buffer): Promise<boolean> => {
    const fault = faultOf(catalogue, faults, id);
    if (!fault || (await opensElsewhere(reader, id))) return false;
    met.add(fault);
    return true;
  };
  try {
    for (const segment of disk.segments) {
      if (await meet(Buffer.from(segment, "hex"))) continue;
      for await (const chunks of readSegments(reader, { ...disk, segments: [segment] }))
        for (const chunk of chunks) if (chunk) await meet(chunk);
    }
  } catch (error) {
    if (!(error instanceof ChunkMissing) && !(error instanceof Damaged)) throw error;
    tell(error);
  }
  return met;
}

/** Whether a chunk has a second copy that is sound: then its damage harms nobody. */
async function opensElsewhere(reader: ChunkReader, id: Buffer): Promise<boolean> {
  const slot = await reader.take();
  try {
    await reader.read(id, slot);
    return true;
  } catch (error) {
    if (error instanceof Damaged || error instanceof ChunkMissing) return false;
    throw error;
  } finally {
    reader.giveBack(slot);
  }
}

/** The fault of a chunk, or of the pack that it is in. @throws ChunkMissing */
function faultOf(catalogue: Catalogue, faults: readonly PackFault[], id: Buffer): PackFault | undefined {
  const object = packName(packAt(catalogue, catalogue.chunks.packOf(findChunk(catalogue, id))).id);
  const hex = faults.length > 0 ? id.toString("hex") : "";
  return faults.find((fault) => fault.object === object && (!fault.chunk || fault.chunk === hex));
}

async function note<T>(problems: Problem[], read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Damaged) {
      const concerns = error.object.startsWith("points/") ? [error.object.slice("points/".length)] : [];
      problems.push({ object: error.object, problem: error.message, concerns });
    } else if (!(error instanceof ObjectMissing)) throw error;
    return undefined;
  }
}
