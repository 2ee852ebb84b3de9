import { ObjectMissing } from "../storage/storage.ts";
import { getSealed, listFolder, putSealed, SHORT_ID, type Vault } from "../vault.ts";

/** Says that a session is at work. */
export interface Lock {
  readonly session: string;
  readonly begun_at: string;
  /** Put again every few minutes with the time of then. */
  readonly beat_at: string;
  /** Ids of the notices whose packs it does not use. */
  readonly honours: readonly string[];
}

const nameOf = (session: string) => `locks/${session}`;

export async function putLock(vault: Vault, lock: Lock): Promise<void> {
  await putSealed(vault, nameOf(lock.session), Buffer.from(JSON.stringify(lock)));
}

export async function deleteLock(vault: Vault, session: string): Promise<void> {
  await vault.storage.delete(nameOf(session));
}

export async function listLocks(vault: Vault): Promise<Lock[]> {
  const locks: Lock[] = [];
  for (const session of await listFolder(vault, "locks", SHORT_ID)) {
    try {
      locks.push(JSON.parse((await getSealed(vault, nameOf(session))).toString()) as Lock);
    } catch (error) {
      if (!(error instanceof ObjectMissing)) throw error; // it ended after it was listed
    }
  }
  return locks;
}
