import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Scenario } from "../world.ts";

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL("../../openstacksdk/main.py", import.meta.url));
const PROJECT = "demo";
const MADE = "keypair,volume available,image";

/** Of one way to sign in at one region; further fields count what each list has. */
interface Seen {
  readonly way: string;
  readonly region: string;
  readonly flavors: number;
  readonly images: number;
  readonly networks: number;
  readonly made: readonly string[];
}

export const openstacksdk: Scenario = {
  name: "openstacksdk",
  title:
    "openstacksdk signs in at the gateway, by password and by application credential, and works at each site",
  async run({ regions, uniview, report }) {
    const { auth_url, username, password } = uniview.credentials;
    const names = regions.map(({ name }) => name);
    const everywhere = [...names, "global"];
    const cloud = {
      OS_AUTH_URL: auth_url,
      OS_USERNAME: username,
      OS_PASSWORD: password,
      OS_PROJECT_NAME: PROJECT,
    };
    // Debian's Python, not one of this machine's that does not know Debian's packages
    const { stdout } = await run("/usr/bin/python3", ["-W", "ignore", PROGRAM, ...everywhere], {
      env: cloud,
    });
    const seen = stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Seen);
    const visits = ["password", "application_credential"].flatMap((way) =>
      everywhere.map((region) => ({ way, region })),
    );
    for (const { way, region } of [...visits, { way: "signed in again", region: names[0] ?? "" }]) {
      const found = seen.find((one) => one.way === way && one.region === region);
      const lists = found && found.flavors > 0 && found.images > 0 && found.networks > 0;
      report.check(`${region}, ${way}: every list works`, Boolean(lists), found);
      if (region === "global") continue;
      const makes = found?.made.join() === MADE;
      report.check(`${region}, ${way}: makes a keypair, a volume and an image`, makes, found);
    }
  },
};
