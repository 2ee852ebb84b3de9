import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Scenario } from "../world.ts";

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL("../../gophercloud", import.meta.url));
const PROJECT = "demo";

interface Seen {
  readonly way: string;
  readonly region: string;
  readonly flavors: number;
  readonly images: number;
  readonly networks: number;
  readonly made: readonly string[];
}

export const gophercloud: Scenario = {
  name: "gophercloud",
  title:
    "gophercloud signs in at the gateway, by password and by application credential, and works at each site",
  async run({ regions, uniview, report }) {
    const names = regions.map(({ name }) => name);
    const { auth_url, username, password } = uniview.credentials;
    const seen = await inGo(names, {
      OS_AUTH_URL: auth_url,
      OS_USERNAME: username,
      OS_PASSWORD: password,
      OS_PROJECT_NAME: PROJECT,
      OS_DOMAIN_NAME: "Default",
    });
    const visits = ["password", "application_credential"].flatMap((way) =>
      names.map((region) => ({ way, region })),
    );
    for (const { way, region } of [...visits, { way: "signed in again", region: names[0] ?? "" }]) {
      const found = seen.find((one) => one.way === way && one.region === region);
      const works = found && found.flavors > 0 && found.images > 0 && found.networks > 0;
      report.check(`${region}, ${way}: lists what the site has`, Boolean(works), found);
      report.check(
        `${region}, ${way}: makes a keypair and a volume`,
        found?.made.join() === "keypair,volume available",
        found,
      );
    }
  },
};

/** Debian's Go and gophercloud: no module is fetched. */
async function inGo(regions: readonly string[], cloud: Record<string, string>): Promise<Seen[]> {
  const dir = await mkdtemp(join(tmpdir(), "uniview-gophercloud-"));
  try {
    const program = join(dir, "gophercloud");
    const go = { GO111MODULE: "off", GOPATH: "/usr/share/gocode", GOCACHE: join(dir, "cache") };
    await run("go", ["build", "-o", program, "."], { cwd: PROGRAM, env: { ...process.env, ...go } }).catch(
      (error: unknown) => {
        throw new Error(
          `go build failed; it needs apt-get install golang-go golang-github-gophercloud-gophercloud-dev: ${error}`,
        );
      },
    );
    const { stdout } = await run(program, [...regions], { env: cloud });
    return stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Seen);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
