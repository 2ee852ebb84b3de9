import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createClient, endpoints, pickCloud, readCloudsYaml } from "@uniview/api";

const SERVER = fileURLToPath(new URL("../../packages/server/src/main.ts", import.meta.url));
const SANDBOX = fileURLToPath(new URL("../../packages/sandbox/src/main.ts", import.meta.url));
const USER = { name: "bench", password: "a password of this run only" };
/** Clock ticks of /proc in a second, on every Linux that Node runs on. */
const TICKS_PER_S = 100;
const PAGE_BYTES = 4096;

/** Where one and the same service is called: directly at the site, or through the gateway. */
export interface Way {
  readonly compute: string;
  readonly image: string;
  readonly token: string;
}

export interface World {
  readonly direct: Way;
  readonly gateway: Way;
  /** A second site through the gateway; it is the one that goes dark. */
  readonly other: Way;
  /** Images of both sites go through a line of so many bytes a second; undefined: as fast as they can. */
  setLine(bytes_per_s: number | undefined): Promise<void>;
  /** The second site takes connections and says nothing, as behind a firewall that drops packets. */
  darken(): void;
  light(): void;
  server_cpu_s(): Promise<number>;
  server_rss_bytes(): Promise<number>;
  close(): Promise<void>;
}

interface SiteProcess {
  readonly child: ChildProcess;
  readonly url: string;
  readonly auth_url: string;
  readonly clouds_yaml: string;
}

/** A server and two sites, each a process of its own, with one user who joined both. */
export async function openWorld(): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), "uniview-bench-gateway-"));
  const [zed, epoxy] = await Promise.all([
    startSite("zed", "zed", join(dir, "zed")),
    startSite("epoxy", "2025.1", join(dir, "epoxy")),
  ]);
  const { server, url, setup } = await startServer(join(dir, "server"));
  const token = await setUp(url, setup);
  const client = createClient({ base_url: url, token });
  for (const [name, site] of [["zed", zed] as const, ["epoxy", epoxy] as const]) {
    const { cloud } = pickCloud(readCloudsYaml(site.clouds_yaml), name);
    await client.call(endpoints.addSite, { body: { name, cloud } });
  }
  const ours = await signIn(`${url}/identity/v3`, USER.name, USER.password);
  const theirs = await signIn(zed.auth_url, "demo", "password");
  const pid = server.pid ?? 0;
  const through = (region: string): Way => ({
    compute: `${url}/openstack/${region}/compute/v2.1`,
    image: `${url}/openstack/${region}/image`,
    token: ours.token,
  });
  return {
    direct: {
      compute: endpointIn(theirs.catalog, "compute"),
      image: endpointIn(theirs.catalog, "image"),
      token: theirs.token,
    },
    gateway: through("zed"),
    other: through("epoxy"),
    setLine: (bytes_per_s) => setLine(zed.url, bytes_per_s),
    darken: () => void epoxy.child.kill("SIGSTOP"),
    light: () => void epoxy.child.kill("SIGCONT"),
    server_cpu_s: async () => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
    },
    server_rss_bytes: async () =>
      Number((await readFile(`/proc/${pid}/statm`, "utf8")).split(" ")[1]) * PAGE_BYTES,
    async close() {
      epoxy.child.kill("SIGCONT");
      await Promise.all([server, zed.child, epoxy.child].map(end));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function startSite(name: string, release: string, dir: string): Promise<SiteProcess> {
  const args = [SANDBOX, "--name", name, "--release", release, "--dir", dir];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { child, ...(JSON.parse(line) as Omit<SiteProcess, "child">) };
}

async function startServer(data_dir: string): Promise<{ server: ChildProcess; url: string; setup: string }> {
  const server = spawn(process.execPath, [SERVER, "--port", "0", "--data-dir", data_dir], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, UNIVIEW_LOG_LEVEL: "warn", UNIVIEW_CALLS_PER_SECOND: "100000", DATABASE_URL: "" },
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const link = /(https?:\/\/[^/\s]+)\/setup\?token=(\S+)/.exec(line);
    if (!link?.[1] || !link[2]) continue;
    server.stdout.resume();
    return { server, url: link[1], setup: link[2] };
  }
  throw new Error("the server ended without a setup link");
}

async function setUp(url: string, token: string): Promise<string> {
  const post = async (path: string, body: unknown, more: Record<string, string> = {}) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url, ...more },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const session = await post("/setup", { token, ...USER });
  const cookie = session.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const made = await post("/tokens", { name: "bench" }, { cookie });
  return ((await made.json()) as { token: string }).token;
}

type Catalog = readonly { type: string; endpoints: readonly { interface: string; url: string }[] }[];

async function signIn(
  auth_url: string,
  name: string,
  password: string,
): Promise<{ token: string; catalog: Catalog }> {
  const domain = { id: "default" };
  const user = { name, domain, password };
  const identity = { methods: ["password"], password: { user } };
  const answer = await fetch(`${auth_url}/auth/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ auth: { identity, scope: { project: { name: "demo", domain } } } }),
  });
  const token = answer.headers.get("x-subject-token");
  if (!token) throw new Error(`${auth_url} answered ${answer.status}: ${await answer.text()}`);
  return { token, catalog: ((await answer.json()) as { token: { catalog: Catalog } }).token.catalog };
}

function endpointIn(catalog: Catalog, type: string): string {
  const url = catalog
    .find((service) => service.type === type)
    ?.endpoints.find((one) => one.interface === "public")?.url;
  if (!url) throw new Error(`the site has no ${type}`);
  return url.replace(/\/$/, "");
}

async function setLine(site_url: string, bytes_per_s: number | undefined): Promise<void> {
  await fetch(`${site_url}/sandbox/faults`, { method: "DELETE" });
  if (bytes_per_s === undefined) return;
  await fetch(`${site_url}/sandbox/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ service: "image", path: "/file$", bytes_per_s }),
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}
