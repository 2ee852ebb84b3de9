import { deletePoint, hasPointObject } from "../point/recovery-point.ts";
import { getSealedIfThere, putSealed, type Vault } from "../vault.ts";
import { deleteLock } from "./lock.ts";

/** A collection took a session for dead, and stopped it. Nothing of what it wrote counts. */
export class SessionFenced extends Error {
  override readonly name = "SessionFenced";
  constructor(session: string) {
    super(
      `session ${session} was silent for too long, and a collection ended it: write the recovery point again`,
    );
  }
}

const fenceName = (session: string) => `fences/${session}`;

/** @throws SessionFenced */
export async function checkFence(vault: Vault, session: string): Promise<void> {
  if (await getSealedIfThere(vault, fenceName(session))) throw new SessionFenced(session);
}

/**
 * Ends a session that went silent, so that it can wake up at any moment and does no harm. Either its recovery point is there,
 * and stays; or it never counts: the session looks for a fence after it put its point, and a point that shows up later is void.
 */
export async function endSilentSession(vault: Vault, session: string): Promise<void> {
  if (!(await hasPointObject(vault, session))) {
    const mark = Buffer.from(JSON.stringify({ session }));
    await putSealed(vault, fenceName(session), mark);
    await vault.storage.settle();
    if (!(await hasPointObject(vault, session))) await putSealed(vault, `voids/${session}`, mark);
  }
  await deleteLock(vault, session);
}

/** Takes back a session's point, also one that is still on its way to the storage. */
export async function voidSession(vault: Vault, session: string): Promise<void> {
  await putSealed(vault, `voids/${session}`, Buffer.from(JSON.stringify({ session })));
  await deletePoint(vault, session);
  await deleteLock(vault, session);
}
