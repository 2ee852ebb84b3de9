import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Site } from "./site.ts";
import type { SiteState } from "./state.ts";

const FORMAT = 1;
const SAVE_INTERVAL_MS = 3000;

type Row = { id: string };

/** Keeps what a site remembers in `dir/state.json`, so that its process can be started again. */
export class StateFile {
  #site: Site;
  #timer: NodeJS.Timeout;
  #saved = "";
  #saving: Promise<void> = Promise.resolve();

  constructor(site: Site) {
    this.#site = site;
    this.#timer = setInterval(() => {
      this.#saving = this.#saving.then(() => this.#save());
    }, SAVE_INTERVAL_MS);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#saving;
    await this.#save();
  }

  /** A crash leaves the old file or the new one, never half of one. */
  async #save(): Promise<void> {
    const tables = Object.entries(this.#site.state).map(([name, table]) => [name, [...table.values()]]);
    const text = JSON.stringify({ format: FORMAT, ...Object.fromEntries(tables) });
    if (text === this.#saved) return;
    const path = statePath(this.#site);
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    await rename(`${path}.new`, path);
    this.#saved = text;
  }
}

/**
 * Brings back what the file remembers and boots the guests of running servers; false when there is no file.
 * What was between two states when the process ended ends as a crashed service would leave it.
 */
export async function loadState(site: Site): Promise<boolean> {
  const text = await readFile(statePath(site), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return false;
  const { format, ...tables } = JSON.parse(text) as { format: number } & Record<string, Row[]>;
  if (format !== FORMAT)
    throw new Error(`${statePath(site)} has format ${format}, this sandbox reads ${FORMAT}`);
  for (const [name, table] of Object.entries(site.state) as Array<[keyof SiteState, Map<string, Row>]>) {
    for (const row of tables[name] ?? []) table.set(row.id, row);
  }
  await settleInterrupted(site);
  for (const server of site.state.servers.values()) {
    if (server.vm_state === "active") site.guests.boot(server, { hash_disks: false });
  }
  return true;
}

/** What nobody goes on with after a restart. */
const UNFINISHED: ReadonlySet<string> = new Set([
  "creating",
  "downloading",
  "extending",
  "reverting",
  "restoring-backup",
]);

async function settleInterrupted(site: Site): Promise<void> {
  const { servers, volumes, snapshots, backups, images } = site.state;
  for (const server of servers.values()) {
    if (server.vm_state === "building") server.vm_state = "error";
    server.task_state = null;
  }
  for (const volume of volumes.values()) {
    if (volume.status === "uploading") volume.status = volume.attachments.length > 0 ? "in-use" : "available";
    if (volume.status === "deleting") volumes.delete(volume.id);
    if (UNFINISHED.has(volume.status)) volume.status = "error";
    if (volume.status === "backing-up")
      volume.status = volume.attachments.length > 0 ? "in-use" : "available";
    if (["attaching", "reserved", "detaching"].includes(volume.status)) {
      volume.status = volume.attachments.length > 0 ? "in-use" : "available";
    }
  }
  for (const snapshot of snapshots.values()) {
    if (snapshot.status === "deleting") snapshots.delete(snapshot.id);
    if (snapshot.status === "creating") snapshot.status = "error";
  }
  for (const backup of backups.values()) {
    if (backup.status === "deleting") backups.delete(backup.id);
    if (backup.status === "creating") backup.status = "error";
    if (backup.status === "restoring") backup.status = "available";
  }
  for (const image of images.values()) {
    if (image.status !== "saving") continue;
    image.status = "queued";
    await site.disks.remove(site.disks.image(image.id));
  }
}

function statePath(site: Site): string {
  return join(site.options.dir, "state.json");
}
