import type { Server } from "../compute/state.ts";
import type { DiskStore } from "../disks/disk-store.ts";
import type { GuestDisk, GuestStatus } from "../options.ts";
import {
  parseDataLine,
  parseRootLine,
  type RootLine,
  readLine,
  writeDataLine,
  writeLogEntry,
  writeRootLine,
} from "./disk-line.ts";

/** Metadata key and value that make a guest write to blank disks only, so that its bytes stay as they are. */
const GUEST_MODE = "sandbox:guest";
const IDLE = "idle";

/** What runs inside of a server: it counts on its root disk, and on the data disks that are its own. */
export class Guest {
  readonly server: Server;
  #disks: DiskStore;
  #line: RootLine | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Ticks, boots and copies take turns, so nobody reads a half-written disk. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(server: Server, disks: DiskStore) {
    this.server = server;
    this.#disks = disks;
  }

  get running(): boolean {
    return this.#line !== undefined;
  }

  get #idle(): boolean {
    return this.server.metadata[GUEST_MODE] === IDLE;
  }

  async boot(interval_ms: number): Promise<void> {
    await this.inTurn(async () => {
      const path = rootPath(this.server, this.#disks);
      const found = parseRootLine(await readLine(path));
      this.#line = found ?? { counter: 0, boots: 0, uuid: this.server.id };
      if (this.#idle && found !== undefined) return;
      this.#line.boots += 1;
      await writeLogEntry(path, this.#line.boots - 1, `boot ${this.#line.boots} as ${this.server.id}`);
      await this.#write();
    });
    this.#timer = setInterval(() => {
      if (!this.#idle) void this.inTurn(() => this.#write());
    }, interval_ms);
  }

  /** After this nothing of the guest touches a disk. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.inTurn(async () => {
      this.#line = undefined;
    });
  }

  /** Runs while the guest does not write: a snapshot, a detach. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #write(): Promise<void> {
    const line = this.#line;
    if (line === undefined) return;
    line.counter += 1;
    await writeRootLine(rootPath(this.server, this.#disks), line);
    for (const { volume_id } of dataAttachments(this.server)) {
      const path = this.#disks.volume(volume_id);
      const text = await readLine(path);
      const own = parseDataLine(text);
      if (own === undefined ? text !== "" : own.uuid !== line.uuid) continue;
      const epoch_s = Math.floor(Date.now() / 1000);
      await writeDataLine(path, { counter: (own?.counter ?? 0) + 1, epoch_s, uuid: line.uuid });
    }
  }
}

/** What the disks say, whether the guest runs or not. */
export async function readStatus(
  server: Server,
  disks: DiskStore,
  status: GuestStatus["status"],
): Promise<GuestStatus> {
  const root_line = await readLine(rootPath(server, disks)).catch(() => "");
  const shown: GuestDisk[] = [{ kind: "root", device: "/dev/vda", line: root_line }];
  for (const { volume_id, device } of dataAttachments(server)) {
    const line = await readLine(disks.volume(volume_id)).catch(() => "");
    shown.push({ kind: "data", volume_id, device, line });
  }
  const { counter, boots, uuid } = parseRootLine(root_line) ?? { counter: 0, boots: 0, uuid: server.id };
  return { server_id: server.id, status, counter, boots, uuid, disks: shown };
}

export function rootPath(server: Server, disks: DiskStore): string {
  const boot = server.attachments.find((attachment) => attachment.boot_index === 0);
  return boot === undefined ? disks.root(server.id) : disks.volume(boot.volume_id);
}

function dataAttachments(server: Server): Server["attachments"] {
  return server.attachments.filter((attachment) => attachment.boot_index !== 0);
}
