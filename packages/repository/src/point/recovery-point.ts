import { Damaged } from "../damage.ts";
import { ObjectMissing } from "../storage/storage.ts";
import { getSealed, listFolder, putSealed, SHORT_ID, type Vault } from "../vault.ts";

/** A set of disks as they were at one moment, and what is needed to build their server again. */
export interface RecoveryPoint {
  /** That of the session that wrote it. */
  readonly id: string;
  /** When the disks were as they are here. */
  readonly taken_at: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly description: unknown;
  readonly disks: readonly DiskManifest[];
  /** Where a copy comes from. */
  readonly copied_from?: { readonly repository_id: string; readonly point: string };
}

export interface DiskManifest {
  readonly name: string;
  readonly size_bytes: number;
  /** Of chunks that are not all zeros. */
  readonly data_bytes: number;
  /** Chunk ids of its segments, in hex. */
  readonly segments: readonly string[];
}

const nameOf = (id: string) => `points/${id}`;

export async function putPoint(vault: Vault, point: RecoveryPoint): Promise<void> {
  await putSealed(vault, nameOf(point.id), Buffer.from(JSON.stringify(point)));
}

/** @throws ObjectMissing when there is none, or it was forgotten; Damaged */
export async function getPoint(vault: Vault, id: string): Promise<RecoveryPoint> {
  if (!SHORT_ID.test(id)) throw new RangeError(`"${id}" is no id of a recovery point: it has 32 hex digits`);
  if (await isVoid(vault, id)) throw new ObjectMissing(nameOf(id));
  const point = JSON.parse((await getSealed(vault, nameOf(id))).toString()) as RecoveryPoint;
  if (point.id !== id) throw new Damaged(nameOf(id), `it says that it is ${point.id}`);
  return point;
}

/** Whether the session's point is there, also when it is void. */
export async function hasPointObject(vault: Vault, id: string): Promise<boolean> {
  try {
    await getSealed(vault, nameOf(id));
    return true;
  } catch (error) {
    if (error instanceof ObjectMissing) return false;
    throw error;
  }
}

export async function deletePoint(vault: Vault, id: string): Promise<void> {
  await vault.storage.delete(nameOf(id));
}

/** Ids of recovery points, without void ones. */
export async function listPointIds(vault: Vault): Promise<string[]> {
  const ids = await listFolder(vault, "points", SHORT_ID);
  const voids = new Set(await listFolder(vault, "voids", SHORT_ID));
  return ids.filter((id) => !voids.has(id));
}

/** All recovery points, oldest first. @throws Damaged when one is */
export async function listPoints(vault: Vault): Promise<RecoveryPoint[]> {
  const points: RecoveryPoint[] = [];
  for (const id of await listPointIds(vault)) {
    try {
      points.push(await getPoint(vault, id));
    } catch (error) {
      if (!(error instanceof ObjectMissing)) throw error; // forgotten after it was listed
    }
  }
  return points.toSorted((a, b) => a.taken_at.localeCompare(b.taken_at) || a.id.localeCompare(b.id));
}

export async function isVoid(vault: Vault, session: string): Promise<boolean> {
  return (await vault.storage.get(`voids/${session}`).catch(missing)) !== undefined;
}

function missing(error: unknown): undefined {
  if (error instanceof ObjectMissing) return undefined;
  throw error;
}
