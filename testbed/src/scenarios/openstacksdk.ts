import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { checkVisits } from "../client-visits.ts";
import type { Scenario } from "../world.ts";

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL("../../openstacksdk/main.py", import.meta.url));
const PROJECT = "demo";
/** The region that is all of them. */
const GLOBAL = "global";

export const openstacksdk: Scenario = {
  name: "openstacksdk",
  title:
    "openstacksdk signs in at the gateway, by password and by application credential, and works at each site",
  async run({ regions, uniview, report }) {
    const { auth_url, username, password } = uniview.credentials;
    const names = regions.map(({ name }) => name);
    const cloud = {
      OS_AUTH_URL: auth_url,
      OS_USERNAME: username,
      OS_PASSWORD: password,
      OS_PROJECT_NAME: PROJECT,
    };
    // Debian's Python, not one of this machine's that does not know Debian's packages
    const { stdout } = await run("/usr/bin/python3", ["-W", "ignore", PROGRAM, ...names, GLOBAL], {
      env: cloud,
    });
    checkVisits(report, stdout, {
      regions: names,
      only_looks: [GLOBAL],
      lists: "every list works",
      makes: "makes a keypair, a volume and an image",
      made: "keypair,volume available,image",
    });
  },
};
