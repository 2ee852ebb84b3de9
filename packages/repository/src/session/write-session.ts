import { randomBytes } from "node:crypto";
import { loadCatalogue } from "../index/catalogue.ts";
import { putPoint, type RecoveryPoint } from "../point/recovery-point.ts";
import { Lanes } from "../thread/lanes.ts";
import type { Vault } from "../vault.ts";
import { checkFence, SessionFenced, voidSession } from "./fence.ts";
import { deleteLock, type Lock, putLock } from "./lock.ts";
import { Packer } from "./packer.ts";

/** How long a session may be silent before a collection ends it. */
export const LEASE_MS = 30 * 60_000;
const BEAT_MS = LEASE_MS / 6;

/** One write: adds chunks, and makes them a recovery point by `commit`. Until then there is nothing, whatever happens. */
export class WriteSession {
  readonly id: string;
  readonly packer: Packer;
  readonly #vault: Vault;
  readonly #lock: Lock;
  readonly #beat: NodeJS.Timeout;
  #beating: Promise<void> = Promise.resolve();
  #lost: Error | undefined;

  private constructor(vault: Vault, lock: Lock, packer: Packer) {
    this.id = lock.session;
    this.packer = packer;
    this.#vault = vault;
    this.#lock = lock;
    this.#beat = setInterval(() => {
      this.#beating = this.#beating.then(() => this.#tellAlive());
    }, BEAT_MS);
    this.#beat.unref();
  }

  static async begin(vault: Vault): Promise<WriteSession> {
    const session = randomBytes(16).toString("hex");
    const begun_at = instant(vault);
    // The lock comes before the look at notices: a collection whose notice is not seen here will see the lock.
    const lock = { session, begun_at, beat_at: begun_at, honours: [] as string[] };
    await putLock(vault, lock);
    const lanes = new Lanes(vault, vault.threads); // they start while the catalogue is read
    try {
      const catalogue = await loadCatalogue(vault);
      const honours = catalogue.notices.map(({ id }) => id);
      await putLock(vault, { ...lock, beat_at: instant(vault), honours });
      const packer = new Packer(vault, session, catalogue, lanes);
      return new WriteSession(vault, { ...lock, honours }, packer);
    } catch (error) {
      await lanes.close();
      await deleteLock(vault, session).catch(() => {}); // it is silent from now on, and will be ended
      throw error;
    }
  }

  /** @throws when a collection ended the session, or the lock could not be renewed for too long */
  checkAlive(): void {
    if (this.#lost) throw this.#lost;
  }

  /**
   * Makes the recovery point. When this resolves it is there, whole; when it rejects it is not, or will not be for long: a point whose
   * put failed may still turn up, so it is made void, by this session or, when that fails too, by a collection.
   */
  async commit(point: Omit<RecoveryPoint, "id">): Promise<RecoveryPoint> {
    const committed = { id: this.id, ...point };
    try {
      await this.packer.flush();
      this.checkAlive();
    } catch (error) {
      await this.abort();
      throw error;
    }
    try {
      await putPoint(this.#vault, committed);
      await checkFence(this.#vault, this.id);
    } catch (error) {
      await this.#stop();
      await voidSession(this.#vault, this.id).catch(() => {}); // silent from now on
      throw error;
    }
    await this.#end();
    return committed;
  }

  /** Ends the session without a recovery point. What it stored goes with the next collection. */
  async abort(): Promise<void> {
    await this.#end();
  }

  async #stop(): Promise<void> {
    clearInterval(this.#beat);
    await this.#beating;
    await this.packer.close();
  }

  async #end(): Promise<void> {
    await this.#stop();
    // Should this fail, the session is silent from now on: a collection finds its point, or the lack of one.
    await deleteLock(this.#vault, this.id).catch(() => {});
  }

  async #tellAlive(): Promise<void> {
    try {
      await checkFence(this.#vault, this.id);
      await putLock(this.#vault, { ...this.#lock, beat_at: instant(this.#vault) });
    } catch (error) {
      // Only a fence is final; a storage that does not answer may do so at the next beat.
      if (error instanceof SessionFenced) this.#lost = error;
    }
  }
}

const instant = (vault: Vault) => new Date(vault.now()).toISOString();
