import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { checkVisits } from "../client-visits.ts";
import type { Scenario } from "../world.ts";

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL("../../gophercloud", import.meta.url));
const PROJECT = "demo";

export const gophercloud: Scenario = {
  name: "gophercloud",
  title:
    "gophercloud signs in at the gateway, by password and by application credential, and works at each site",
  async run({ regions, uniview, report }) {
    const names = regions.map(({ name }) => name);
    const { auth_url, username, password } = uniview.credentials;
    const stdout = await inGo(names, {
      OS_AUTH_URL: auth_url,
      OS_USERNAME: username,
      OS_PASSWORD: password,
      OS_PROJECT_NAME: PROJECT,
      OS_DOMAIN_NAME: "Default",
    });
    checkVisits(report, stdout, {
      regions: names,
      lists: "lists what the site has",
      makes: "makes a keypair and a volume",
      made: "keypair,volume available",
    });
  },
};

/** Debian's Go and gophercloud: no module is fetched. */
async function inGo(regions: readonly string[], cloud: Record<string, string>): Promise<string> {
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
    return stdout;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
