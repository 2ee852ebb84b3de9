import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pickCloud, readCloudsYaml } from "@uniview/api";
import { createSession, type ServiceClient, type Session } from "@uniview/openstack";
import type { Release } from "@uniview/openstack/releases/releases";

const SCRIPT = fileURLToPath(new URL("../region", import.meta.url));
const STATE = process.env["OSBED_STATE"] ?? "/var/lib/osbed";
export const CLOUDS_FILE = join(STATE, "clouds.yaml");

/** The regions that the proof uses: Debian's suite, and the release of OpenStack that it brings. */
const REGIONS = {
  victoria: { suite: "bullseye", release: "Victoria" },
  zed: { suite: "bookworm", release: "Zed" },
  epoxy: { suite: "trixie", release: "2025.1" },
} as const satisfies Record<string, { suite: string; release: Release }>;

/** One real region of OpenStack, seen as its tenant sees it: role member, nothing more. */
export interface Region {
  readonly name: string;
  readonly release: Release;
  readonly session: Session;
  readonly nova: ServiceClient;
  readonly cinder: ServiceClient;
  readonly glance: ServiceClient;
  readonly neutron: ServiceClient;
  readonly keystone: ServiceClient;
}

/** Runs the testbed's own script, which says on standard error what it does. */
export async function testbed(...args: string[]): Promise<string> {
  const child = spawn(SCRIPT, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (part) => {
    output += part;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`testbed/region ${args.join(" ")} ended with ${code}`);
  return output;
}

/** Brings the region up unless it stands, makes sure that nobody left it broken, and signs in as its tenant. */
export async function openRegion(name: keyof typeof REGIONS): Promise<Region> {
  const { suite, release } = REGIONS[name];
  if (!(await isRunning(name))) await testbed("up", name, suite);
  await testbed("heal", name);
  await testbed("revive", name);
  await testbed("consoles", name);
  const { cloud } = pickCloud(readCloudsYaml(await readFile(CLOUDS_FILE, "utf8")), name);
  const { auth } = cloud;
  const session = createSession({
    auth_url: auth.auth_url,
    auth: {
      type: "password",
      username: auth.username,
      password: auth.password ?? "",
      user_domain_name: auth.user_domain_name,
      project_name: auth.project_name,
      project_domain_name: auth.project_domain_name,
    },
    region_name: cloud.region_name,
  });
  const [nova, cinder, glance, neutron, keystone] = await Promise.all([
    session.service("compute"),
    session.service("block-storage"),
    session.service("image"),
    session.service("network"),
    session.service("identity"),
  ]);
  return { name, release, session, nova, cinder, glance, neutron, keystone };
}

async function isRunning(name: string): Promise<boolean> {
  if (!existsSync(join(STATE, name, "region.env"))) return false;
  return (await testbed("status", name))
    .split("\n")
    .some((line) => line.startsWith(name) && line.includes(" running "));
}
