import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const TEMPEST = "/usr/bin/tempest";
/** Identity as everybody needs it: tokens, catalog, discovery, application credentials; and the smoke tests of the rest. */
const IDENTITY =
  "tempest[.]api[.]identity[.]v3[.]test_(tokens|catalog|api_discovery|application_credentials|access_rules|projects|domains)";
const SMOKE = "tempest[.]api[.](compute|volume|image|network)[.].*smoke";
/** A guest without acceleration needs its time. */
const BUILD_TIMEOUT_S = 300;

/** Where Tempest signs in, and with what it works there. */
export interface TempestCloud {
  readonly auth_url: string;
  readonly username: string;
  readonly password: string;
  readonly project_name: string;
  readonly region_name: string;
  readonly image_id: string;
  readonly flavor_ids: readonly [string, string];
  readonly network_name: string;
  readonly public_network: { readonly id: string; readonly name: string };
}

/** By a test's name: `ok`, `FAILED`, `SKIPPED`. */
export type TempestOutcomes = ReadonlyMap<string, string>;

/** Runs Debian's Tempest as a member of one project. @throws Error when Tempest is not installed or ran no test */
export async function runTempest(cloud: TempestCloud): Promise<TempestOutcomes> {
  if (!existsSync(TEMPEST)) {
    throw new Error(`${TEMPEST} is missing: apt-get install --no-install-recommends tempest`);
  }
  const dir = await mkdtemp(join(tmpdir(), "uniview-tempest-"));
  try {
    const workspace = join(dir, "cloud");
    await lines(dir, ["init", "--workspace-path", join(dir, "workspaces.yaml"), workspace]);
    await writeFile(join(workspace, "etc/accounts.yaml"), accounts(cloud));
    await writeFile(join(workspace, "etc/tempest.conf"), configuration(cloud, workspace));
    const outcomes = new Map<string, string>();
    for (const line of await lines(workspace, ["run", "--serial", "--regex", `${IDENTITY}|${SMOKE}`])) {
      const [, test, outcome] = /^\{\d+\} (\S+?)(?:\[\S*\])? \[[\d.]+s\] \.\.\. (\w+)/.exec(line) ?? [];
      if (test && outcome) outcomes.set(test, outcome);
      const [, group] = /^setUpClass \((\S+)\) \[.*FAILED/.exec(line) ?? [];
      if (group) outcomes.set(`${group}.setUpClass`, "FAILED");
    }
    if (outcomes.size === 0) throw new Error("Tempest ran no test");
    return outcomes;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function lines(cwd: string, args: readonly string[]): Promise<string[]> {
  const child = spawn(TEMPEST, args, { cwd, stdio: ["ignore", "pipe", "ignore"] });
  const said: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    said.push(line);
    if (process.env["UNIVIEW_TEMPEST_LOG"]) console.log(line);
  });
  await once(child, "close"); // a failed test ends it with 1: what failed is in the lines
  return said;
}

function accounts({ username, password, project_name }: TempestCloud): string {
  return `- ${JSON.stringify({ username, password, project_name, domain_name: "Default" })}\n`;
}

function configuration(cloud: TempestCloud, workspace: string): string {
  const { auth_url, region_name, image_id, flavor_ids, network_name, public_network } = cloud;
  const sections: Record<string, Record<string, string | number | boolean>> = {
    DEFAULT: { log_file: join(workspace, "tempest.log") },
    oslo_concurrency: { lock_path: join(workspace, "tempest_lock") },
    auth: {
      use_dynamic_credentials: false,
      test_accounts_file: join(workspace, "etc/accounts.yaml"),
      create_isolated_networks: false,
    },
    identity: { uri_v3: auth_url, auth_version: "v3", region: region_name, v3_endpoint_type: "public" },
    "identity-feature-enabled": { api_v2: false, application_credentials: true, access_rules: true },
    compute: {
      image_ref: image_id,
      image_ref_alt: image_id,
      flavor_ref: flavor_ids[0],
      flavor_ref_alt: flavor_ids[1],
      fixed_network_name: network_name,
      build_timeout: BUILD_TIMEOUT_S,
    },
    network: {
      public_network_id: public_network.id,
      floating_network_name: public_network.name,
      project_networks_reachable: false,
    },
    validation: { run_validation: false },
    volume: { build_timeout: BUILD_TIMEOUT_S },
    service_available: {
      cinder: true,
      neutron: true,
      glance: true,
      nova: true,
      swift: false,
      horizon: false,
    },
  };
  return Object.entries(sections)
    .map(
      ([name, entries]) =>
        `[${name}]\n${Object.entries(entries)
          .map(([key, value]) => `${key} = ${value}\n`)
          .join("")}`,
    )
    .join("\n");
}
