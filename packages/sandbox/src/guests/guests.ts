import type { Server } from "../compute/state.ts";
import { sha256OfFile } from "../disks/digest.ts";
import type { GuestStatus } from "../options.ts";
import type { Site } from "../site.ts";
import { Guest, readStatus, rootPath } from "./guest.ts";

/** The guests of a site, by server. */
export class Guests {
  #site: Site;
  #interval_ms: number;
  #guests = new Map<string, Guest>();
  /** Hashing a disk costs a core for a second or so; never two at once. */
  #hashing: Promise<unknown> = Promise.resolve();

  constructor(site: Site, interval_ms: number) {
    this.#site = site;
    this.#interval_ms = interval_ms;
  }

  /**
   * Starts the guest of a server. Unless told otherwise, its disks are hashed before it may write:
   * that is what a copy of the disk is compared with.
   */
  boot(server: Server, options: { hash_disks: boolean } = { hash_disks: true }): void {
    const guest = new Guest(server, this.#site.disks);
    this.#guests.set(server.id, guest);
    this.#site.background(async () => {
      const current = () => this.#guests.get(server.id) === guest;
      try {
        if (options.hash_disks) await this.#hashDisks(server, guest);
        if (current()) await guest.boot(this.#interval_ms);
      } catch (error) {
        // A server that was deleted while it booted took its disks with it.
        if (current()) throw error;
      }
    });
  }

  async stop(server_id: string): Promise<void> {
    const guest = this.#guests.get(server_id);
    this.#guests.delete(server_id);
    await guest?.stop();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#guests.keys()].map((id) => this.stop(id)));
  }

  /** Runs while the server's guest, if there is one, does not write. */
  whileFrozen<Result>(server_id: string | undefined, work: () => Promise<Result>): Promise<Result> {
    const guest = server_id === undefined ? undefined : this.#guests.get(server_id);
    return guest === undefined ? work() : guest.inTurn(work);
  }

  status(server: Server): Promise<GuestStatus> {
    const guest = this.#guests.get(server.id);
    const status = guest === undefined ? "off" : guest.running ? "running" : "booting";
    return this.whileFrozen(server.id, () => readStatus(server, this.#site.disks, status));
  }

  /** Lets one disk be hashed at a time, over the whole site. */
  hash(path: string): Promise<string> {
    const hashed = this.#hashing.then(() => sha256OfFile(path));
    this.#hashing = hashed.catch(() => undefined);
    return hashed;
  }

  async #hashDisks(server: Server, guest: Guest): Promise<void> {
    const { disks } = this.#site;
    const paths: Record<string, string> = {};
    if (server.has_root_disk) paths["root"] = rootPath(server, disks);
    for (const { volume_id } of server.attachments) paths[volume_id] = disks.volume(volume_id);
    for (const [name, path] of Object.entries(paths)) {
      if (this.#guests.get(server.id) !== guest) return;
      server.sha256_at_boot[name] = await this.hash(path);
    }
  }
}
