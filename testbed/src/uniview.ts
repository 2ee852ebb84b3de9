import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { API_PREFIX, type Client, createClient } from "@uniview/api";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BOOTSTRAP = join(ROOT, "tools/bootstrap.mjs");
const SERVER = "packages/server/src/main.ts";
const CLI = join(ROOT, "packages/cli/src/main.ts");
const ADMINISTRATOR = { name: "e2e", password: "a password of this run only" };

export interface CliAnswer {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** A Uniview of this run: its own data directory and database, started as its users start it. */
export class Uniview {
  readonly url: string;
  readonly #data_dir: string;
  readonly #port: number;
  #bootstrap: ChildProcess | undefined;
  #token = "";

  private constructor(data_dir: string, port: number) {
    this.#data_dir = data_dir;
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<Uniview> {
    const uniview = new Uniview(await mkdtemp(join(tmpdir(), "uniview-e2e-")), await freePort());
    const link = await uniview.launch();
    if (!link) throw new Error("a new Uniview printed no setup link");
    uniview.#token = await setUp(uniview.url, new URL(link).searchParams.get("token") ?? "");
    return uniview;
  }

  /** What any OpenStack client needs to sign in at the gateway. */
  get credentials() {
    return {
      auth_url: `${this.url}/identity/v3`,
      username: ADMINISTRATOR.name,
      password: ADMINISTRATOR.password,
    };
  }

  get client(): Client {
    return createClient({ base_url: this.url, token: this.#token });
  }

  /** Starts the server, and waits until it answers. @returns the setup link, while there is no administrator */
  async launch(): Promise<string | undefined> {
    const child = spawn(
      process.execPath,
      [BOOTSTRAP, SERVER, "--port", String(this.#port), "--data-dir", this.#data_dir],
      {
        cwd: ROOT,
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, UNIVIEW_LOG_LEVEL: "warn" },
      },
    );
    this.#bootstrap = child;
    const errors: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => errors.push(line));
    const gone = once(child, "exit").then(([code]) => {
      throw new Error(`the server ended with ${code}: ${errors.slice(-5).join(" | ")}`);
    });
    gone.catch(() => {}); // it ends in the end
    const found = Promise.withResolvers<string | undefined>();
    createInterface({ input: child.stdout }).on("line", (line) => {
      const link = /https?:\S+\/setup\?token=\S+/.exec(line)?.[0];
      if (link) found.resolve(link);
    });
    const ready = this.#answers().then((setup_needed) => (setup_needed ? found.promise : undefined));
    return await Promise.race([ready, gone]);
  }

  /** `kill -9`, as the kernel out of memory does it: no farewell, no clean-up. */
  async kill(): Promise<void> {
    const child = this.#bootstrap;
    if (child?.pid === undefined) return;
    const gone = once(child, "exit");
    for (const pid of await childrenOf(child.pid)) process.kill(pid, "SIGKILL");
    await gone;
  }

  async close(): Promise<void> {
    const child = this.#bootstrap;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    }
    await rm(this.#data_dir, { recursive: true, force: true });
  }

  /** Runs `uniview …`, as a person or a script would. */
  async cli(...args: string[]): Promise<CliAnswer> {
    const child = spawn(process.execPath, [CLI, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, UNIVIEW_URL: this.url, UNIVIEW_TOKEN: this.#token },
    });
    let [output, errors] = ["", ""];
    child.stdout.on("data", (part) => {
      output += part;
    });
    child.stderr.on("data", (part) => {
      errors += part;
    });
    const [code] = await once(child, "close");
    return { code: Number(code), output, errors };
  }

  /** The same with `--json`, which must succeed. */
  async json<T>(...args: string[]): Promise<T> {
    const { code, output, errors } = await this.cli(...args, "--json");
    if (code !== 0) throw new Error(`uniview ${args.join(" ")} ended with ${code}: ${errors || output}`);
    return JSON.parse(output) as T;
  }

  async #answers(): Promise<boolean> {
    for (;;) {
      const status = await fetch(`${this.url}${API_PREFIX}/status`).catch(() => undefined);
      if (status?.ok) return ((await status.json()) as { setup_needed: boolean }).setup_needed;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** The first sitting without a browser: the one-time link makes the administrator, their session makes an API token. */
async function setUp(url: string, token: string): Promise<string> {
  const post = (path: string, body: unknown, more: Record<string, string> = {}) =>
    fetch(`${url}${API_PREFIX}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url, ...more },
      body: JSON.stringify(body),
    });
  const session = await post("/setup", { token, ...ADMINISTRATOR });
  if (!session.ok) throw new Error(`setup: ${session.status} ${await session.text()}`);
  const cookie = session.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const made = await post("/tokens", { name: "e2e" }, { cookie, "idempotency-key": crypto.randomUUID() });
  if (!made.ok) throw new Error(`token: ${made.status} ${await made.text()}`);
  return ((await made.json()) as { token: string }).token;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.split(" ").filter(Boolean).map(Number);
}
