import { parseArgs } from "node:util";
import { cleanUp } from "./guest.ts";
import { openRegion } from "./region.ts";
import { Report } from "./report.ts";
import { blackHole } from "./scenarios/black-hole.ts";
import { contract } from "./scenarios/contract.ts";
import { cancelledWait, deadTarget } from "./scenarios/dead-target.ts";
import { gatewayOpenstack } from "./scenarios/gateway-openstack.ts";
import { gophercloud } from "./scenarios/gophercloud.ts";
import { joinSites } from "./scenarios/join-sites.ts";
import { killedServer } from "./scenarios/killed-server.ts";
import { openstacksdk } from "./scenarios/openstacksdk.ts";
import { backAgain, ownNetwork } from "./scenarios/own-network.ts";
import { removeSites } from "./scenarios/remove-sites.ts";
import { replacedSite } from "./scenarios/replaced-site.ts";
import { sharedNetwork } from "./scenarios/shared-network.ts";
import { tempest } from "./scenarios/tempest.ts";
import { Uniview } from "./uniview.ts";
import type { Scenario, World } from "./world.ts";

/** In this order: what comes later may use what came before. The first and the last are part of every run. */
const SCENARIOS: readonly Scenario[] = [
  joinSites,
  contract,
  ownNetwork,
  backAgain,
  sharedNetwork,
  killedServer,
  deadTarget,
  cancelledWait,
  blackHole,
  gatewayOpenstack,
  openstacksdk,
  gophercloud,
  tempest,
  replacedSite,
  removeSites,
];
const ALWAYS: readonly Scenario[] = [joinSites, removeSites];

const HELP = `Usage: npm run test:openstack [-- [--keep] SCENARIO...]

Proves Uniview against three real OpenStack regions, victoria, zed and epoxy (2025.1): uses them where they stand, brings
them up where they don't (needs root). Without a name all scenarios run.

  --keep   leave the guests where they are
  --list   only show the scenarios:

${SCENARIOS.map(({ name, title }) => `    ${name.padEnd(16)} ${title}`).join("\n")}
`;

const { values, positionals } = parseArgs({
  options: { keep: { type: "boolean" }, list: { type: "boolean" }, help: { type: "boolean" } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (values.list || values.help || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no scenario ${unknown.join(", ")}.\n`);
  console.log(HELP);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const report = new Report();
const chosen = SCENARIOS.filter(
  (scenario) => positionals.length === 0 || ALWAYS.includes(scenario) || positionals.includes(scenario.name),
);
report.begin("Three regions");
const victoria = await openRegion("victoria");
const zed = await openRegion("zed");
const epoxy = await openRegion("epoxy");
const regions = [victoria, zed, epoxy];
report.begin("Uniview, from nothing to signed in");
const uniview = await report.time("Uniview, from start to signed in", () => Uniview.start());
const world: World = { victoria, zed, epoxy, regions, uniview, report };
// Ctrl-C: what is under way is left, what was made is cleaned away all the same
const interrupted = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
});
try {
  for (const scenario of chosen) {
    const over = await Promise.race([prove(scenario, world), interrupted.then(() => "interrupted" as const)]);
    if (over !== "interrupted") continue;
    report.check("the run is not interrupted", false);
    break;
  }
} finally {
  if (!values.keep) {
    report.begin("Cleaning up");
    for (const region of regions) {
      await cleanUp(region).catch((error: unknown) =>
        report.check(`${region.name} is clean again`, false, String(error)),
      );
    }
  }
  // where the run was cut short, its application credentials are not left behind either
  for (const { name } of regions) await uniview.cli("site", "remove", name, "--yes", "--force");
  await uniview.close();
  await Promise.all(regions.map(({ session }) => session.close()));
  report.end();
}
// All is cleaned and closed by now: what a library still holds open must not keep the proof from ending.
process.exit(report.failed === 0 ? 0 : 1);

async function prove(scenario: Scenario, world: World): Promise<void> {
  report.begin(scenario.title);
  try {
    await scenario.run(world);
  } catch (error) {
    report.check(
      `${scenario.name} runs to its end`,
      false,
      error instanceof Error ? error.message : String(error),
    );
  }
}
