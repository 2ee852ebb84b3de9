import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type MoverConfigInput, MoverReady } from "@uniview/api/mover";
import { moverEnvironment } from "./mover-environment.ts";

/** The kernel's limit for the path of a unix socket, with its closing zero. */
const MAX_SOCKET_PATH = 107;
/** A mover that cannot start is tried again, but not in a tight loop. */
const RESTART_PAUSE_MS = 500;
const MAX_STARTS_IN_A_ROW = 5;

export interface MoverAddress {
  readonly socketPath?: string;
  readonly port?: number;
  readonly token: string;
}

export interface MoverProcessOptions {
  /** Where the spools and the socket live. */
  readonly dir: string;
  readonly allow_link_local?: boolean;
  readonly on_log?: (line: string) => void;
}

/** The mover of this machine: a child process, started at the first need and again whenever it is gone. */
export class MoverProcess {
  readonly #options: MoverProcessOptions;
  #address: Promise<MoverAddress> | undefined;
  #child: ChildProcess | undefined;
  #closed = false;

  constructor(options: MoverProcessOptions) {
    this.#options = options;
  }

  /** The process at work now; tests kill it. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Where the running mover listens; starts one if there is none. */
  address(): Promise<MoverAddress> {
    if (this.#closed) return Promise.reject(new Error("the mover is closed"));
    this.#address ??= this.#startPatiently().catch((error: unknown) => {
      this.#address = undefined;
      throw error;
    });
    return this.#address;
  }

  /** Whoever listened at that address does not answer any more: makes sure that it is gone, so that `address` starts another. */
  async replace(address: MoverAddress): Promise<void> {
    const child = this.#child;
    if (!child || (await this.#address?.catch(() => undefined)) !== address) return;
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    }
    if (this.#child === child) this.#address = undefined;
  }

  /** Ends it by closing its standard input, as the death of this process would. */
  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.stdin?.end();
    await gone;
  }

  async #startPatiently(): Promise<MoverAddress> {
    for (let start = 1; ; start++) {
      try {
        return await this.#start();
      } catch (error) {
        if (start === MAX_STARTS_IN_A_ROW || this.#closed) throw error;
        await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSE_MS));
      }
    }
  }

  async #start(): Promise<MoverAddress> {
    const { dir, allow_link_local = false, on_log } = this.#options;
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const token = randomBytes(32).toString("base64url");
    const socket_path = join(dir, `mover-${process.pid}-${randomBytes(3).toString("hex")}.sock`);
    const listen = Buffer.byteLength(socket_path) <= MAX_SOCKET_PATH ? { socket_path } : { port: 0 };
    await removeOldSockets(dir);

    const main = fileURLToPath(import.meta.resolve("@uniview/mover/main"));
    const env = { ...moverEnvironment(join(dir, "compiled")), ...process.env };
    const child = spawn(process.execPath, [main], { stdio: ["pipe", "pipe", "pipe"], env });
    this.#child = child;
    child.stdin.on("error", () => {}); // it died before it read: the exit says so
    const gone = once(child, "exit").then(([code, signal]) => {
      if (this.#child === child) this.#address = undefined;
      throw new Error(`the mover ended (${signal ?? `exit code ${code}`})`);
    });
    gone.catch(() => {});
    createInterface({ input: child.stderr }).on("line", (line) => on_log?.(line));

    const config: MoverConfigInput = { token, spool_dir: join(dir, "spool"), listen, allow_link_local };
    child.stdin.write(`${JSON.stringify(config)}\n`);
    const [line] = await Promise.race([
      once(createInterface({ input: child.stdout }), "line"),
      once(child, "error").then(([error]) => Promise.reject(error)),
      gone,
    ]);
    const { port } = MoverReady.parse(JSON.parse(String(line)));
    return port === null ? { socketPath: socket_path, token } : { port, token };
  }
}

/** A killed mover leaves its socket; nobody listens there any more. */
async function removeOldSockets(dir: string): Promise<void> {
  const old = (await readdir(dir)).filter((name) => /^mover-.*\.sock$/.test(name));
  await Promise.all(old.map((name) => rm(join(dir, name), { force: true })));
}
