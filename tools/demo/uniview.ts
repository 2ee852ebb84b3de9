import { randomBytes } from "node:crypto";
import { createServer as createSocket } from "node:net";
import { join } from "node:path";
import { type Client, createClient, endpoints, pickCloud, readCloudsYaml } from "@uniview/api";
import { type Child, startChild, waitForLine } from "./child.ts";
import type { DemoSite } from "./sites.ts";

const SERVER = join(import.meta.dirname, "../../packages/server/src/main.ts");
const ADMINISTRATOR = "admin";

/** The demo's Uniview: the server as everybody runs it, with an administrator and a token made. */
export interface DemoUniview extends AsyncDisposable {
  readonly url: string;
  readonly name: string;
  readonly password: string;
  readonly token: string;
  /** The file that its log goes to. */
  readonly log: string;
  readonly ended: Promise<string>;
  addSites(sites: readonly DemoSite[]): Promise<void>;
}

export async function startUniview(dir: string, wanted_port: number): Promise<DemoUniview> {
  await using started = new AsyncDisposableStack();
  const log = join(dir, "uniview.log");
  const port = (await isFree(wanted_port)) ? wanted_port : 0;
  const child: Child = started.use(
    startChild("Uniview", [SERVER, "--data-dir", join(dir, "data"), "--port", String(port)], log),
  );
  const link = new URL((await waitForLine(child, (line) => line.includes("/setup?token="))).trim());
  const password = randomBytes(9).toString("base64url");
  const token = await createAdministrator(link, password);
  const client = createClient({ base_url: link.origin, token });
  started.move();
  return {
    url: link.origin,
    name: ADMINISTRATOR,
    password,
    token,
    log,
    ended: child.ended,
    addSites: (sites) => joinAll(client, sites),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

/** Goes the way of everybody: the one-time link, then a token for the CLI, made in the session that the link began. */
async function createAdministrator(link: URL, password: string): Promise<string> {
  const call = (path: string, body: unknown, cookie?: string) =>
    fetch(`${link.origin}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: link.origin, ...(cookie ? { cookie } : {}) },
      body: JSON.stringify(body),
    });
  const setup = await call("/setup", {
    token: link.searchParams.get("token"),
    name: ADMINISTRATOR,
    password,
  });
  const cookie = setup.headers
    .getSetCookie()
    .map((row) => row.split(";")[0])
    .join("; ");
  const answer = await call("/tokens", { name: "demo" }, cookie);
  if (!answer.ok) throw new Error(`The demo's token could not be made: ${await answer.text()}`);
  return ((await answer.json()) as { token: string }).token;
}

/** Joins the sites and waits until their servers are in the list: the demo is ready when there is something to see. */
async function joinAll(client: Client, sites: readonly DemoSite[]): Promise<void> {
  const READ_EVERY_MS = 200;
  for (const { name, clouds_yaml } of sites) {
    const { cloud } = pickCloud(readCloudsYaml(clouds_yaml), name);
    await client.call(endpoints.addSite, { body: { name, cloud } });
  }
  for (;;) {
    const { sites: states } = await client.call(endpoints.listServers);
    if (states.length === sites.length && states.every(({ state }) => state === "fresh")) return;
    await new Promise((resolve) => setTimeout(resolve, READ_EVERY_MS));
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createSocket().once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
