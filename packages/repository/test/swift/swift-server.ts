import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { arch, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { configurationOf, type Ports } from "./configuration.ts";
import { unpackDebianPackages } from "./debian-packages.ts";

const run = promisify(execFile);
const PACKAGES = ["swift-proxy", "swift-account", "swift-container", "swift-object", "memcached"];
const UNPACKED = join(import.meta.dirname, "../../../../.cache", `swift-${arch()}`);
/** For a hook that starts Swift: on a new machine its packages are fetched first. */
export const FETCH_PATIENCE_MS = 300_000;
const START_PATIENCE_MS = 60_000;
const LOOK_MS = 50;

/** Swift itself, from Debian, with its S3 gate in front of it: one proxy, one disk, nothing that outlives the test. */
export interface SwiftServer extends AsyncDisposable {
  /** Of the proxy, without a slash at the end: S3's endpoint. Swift's own way to a token is `/auth/v1.0` below it. */
  readonly url: string;
  readonly user: string;
  readonly key: string;
  /** Of somebody who signs in, and may do nothing. */
  readonly stranger: { readonly user: string; readonly key: string };
  makeContainer(name: string): Promise<void>;
  /** No token that was given before is taken any more. */
  forgetTokens(): Promise<void>;
}

export async function startSwift(): Promise<SwiftServer> {
  const root = await unpackDebianPackages(PACKAGES, UNPACKED);
  const folder = await mkdtemp(join(tmpdir(), "uniview-swift-"));
  const env = environmentOf(root);
  const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : join(root, "usr/bin/python3");
  const ports = await freePorts();
  const conf = (name: string) => join(folder, `${name}.conf`);
  await mkdir(join(folder, "devices", "disk"), { recursive: true });
  for (const [name, text] of Object.entries(configurationOf(folder, ports)))
    await writeFile(join(folder, name), text);

  const script = (name: string) => join(import.meta.dirname, name);
  const rings = ["account", "container", "object"] as const;
  const ring_words = rings.map((name) => `${name}=${ports[name]}`);
  await run(python, [script("make_rings.py"), conf("swift"), folder, ...ring_words], { env });

  const memcached = ["-l", "127.0.0.1", "-p", `${ports.memcached}`, "-U", "0", "-u", "root", "-m", "16"];
  const children = [
    start(join(root, "usr/bin/memcached"), memcached, env),
    ...[...rings, "proxy"].map((name) =>
      start(python, [script("serve.py"), conf("swift"), conf(`${name}-server`), `${name}-server`], env),
    ),
  ];
  const stop = async () => {
    await Promise.all(children.map((child) => child.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(Object.values(ports).map((port) => awaitPort(port, children)));
  } catch (error) {
    await stop();
    throw error;
  }

  const url = `http://127.0.0.1:${ports.proxy}`;
  const user = "test:tester";
  const key = "testing";
  return {
    url,
    user,
    key,
    stranger: { user: "test:stranger", key: "passing" },
    async makeContainer(name) {
      const signed_in = await fetch(`${url}/auth/v1.0`, {
        headers: { "x-auth-user": user, "x-auth-key": key },
      });
      const token = signed_in.headers.get("x-auth-token") ?? "";
      const account_url = signed_in.headers.get("x-storage-url");
      const made = await fetch(`${account_url}/${name}`, {
        method: "PUT",
        headers: { "x-auth-token": token },
      });
      if (!made.ok) throw new Error(`Swift made no container ${name}: ${made.status} ${await made.text()}`);
    },
    forgetTokens: () => flush(ports.memcached),
    [Symbol.asyncDispose]: stop,
  };
}

function environmentOf(root: string): NodeJS.ProcessEnv {
  const machine = arch() === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
  return {
    PATH: "/usr/bin:/bin",
    PYTHONPATH: join(root, "usr/lib/python3/dist-packages"),
    LD_LIBRARY_PATH: [`usr/lib/${machine}`, `lib/${machine}`].map((each) => join(root, each)).join(":"),
  };
}

interface Child {
  readonly process: ChildProcess;
  /** What it said last. */
  said(): string;
  stop(): Promise<void>;
}

const KEPT_CHARACTERS = 2000;

/** Starts a program that ends when this process does, however it does. */
function start(program: string, words: readonly string[], env: NodeJS.ProcessEnv): Child {
  const child = spawn("/usr/bin/setpriv", ["--pdeathsig", "KILL", program, ...words], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text) => (said = (said + text).slice(-KEPT_CHARACTERS)));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.once("error", (error) => (said += error.message));
  return {
    process: child,
    said: () => said,
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function awaitPort(port: number, children: readonly Child[]): Promise<void> {
  const give_up_at = performance.now() + START_PATIENCE_MS;
  while (!(await isOpen(port))) {
    const dead = children.find(({ process: { exitCode, signalCode } }) => exitCode !== null || signalCode);
    if (dead)
      throw new Error(
        `Swift did not start (if the machine's packages changed, remove ${UNPACKED}): ${dead.process.spawnargs.join(" ")}\n${dead.said()}`,
      );
    if (performance.now() > give_up_at) throw new Error(`Swift does not listen on port ${port}`);
    await sleep(LOOK_MS);
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** Swift's rings name ports, so they have to be known before its servers listen. */
async function freePorts(): Promise<Ports> {
  const servers = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const numbers = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const [proxy = 0, account = 0, container = 0, object = 0, memcached = 0] = numbers;
  return { proxy, account, container, object, memcached };
}

function flush(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("flush_all\r\n"));
    socket.once("data", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}
