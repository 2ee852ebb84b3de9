import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pickCloud, readCloudsYaml } from "@uniview/api";
import { RELEASES, type ReleaseName, startSandbox } from "@uniview/sandbox";
import {
  compatibilityPage,
  type Trial,
} from "../../../packages/openstack/test/contract/compatibility-page.ts";
import { tryContract } from "../../../packages/openstack/test/contract/try-contract.ts";
import { RUN } from "../guest.ts";
import { CLOUDS_FILE, type Region } from "../region.ts";
import type { Report } from "../report.ts";
import type { Scenario } from "../world.ts";

const PAGE = fileURLToPath(new URL("../../../docs/compatibility.md", import.meta.url));

export const contract: Scenario = {
  name: "contract",
  title: "What Uniview relies on is so, at real regions as at simulated ones",
  async run({ regions, report }) {
    const trials: Trial[] = [];
    for (const release of Object.keys(RELEASES) as ReleaseName[])
      trials.push(await onSandbox(release, report));
    for (const region of regions) trials.push(await onRegion(region, report));
    await writeFile(PAGE, compatibilityPage(trials, new Date().toISOString().slice(0, 10)));
    report.note("docs/compatibility.md is written anew");
  },
};

async function onSandbox(release: ReleaseName, report: Report): Promise<Trial> {
  const dir = await mkdtemp(join(tmpdir(), "uniview-contract-"));
  const sandbox = await startSandbox({ name: "here", release, dir, seed: "empty", transition_ms: 1 });
  try {
    const { auth_url } = sandbox;
    const auth = { type: "password", username: "demo", password: "password", project_name: "demo" } as const;
    const name = release.replace(/^[a-z]/, (letter) => letter.toUpperCase());
    return await checked(report, { name, auth_url, region_name: "here", auth, prefix: RUN, is_real: false });
  } finally {
    await sandbox.close();
    await rm(dir, { recursive: true, force: true });
  }
}

async function onRegion({ name }: Region, report: Report): Promise<Trial> {
  const { cloud } = pickCloud(readCloudsYaml(await readFile(CLOUDS_FILE, "utf8")), name);
  const {
    auth_url,
    username,
    password = "",
    user_domain_name,
    project_name,
    project_domain_name,
  } = cloud.auth;
  return await checked(report, {
    name,
    auth_url,
    region_name: cloud.region_name ?? name,
    auth: { type: "password", username, password, user_domain_name, project_name, project_domain_name },
    prefix: RUN,
    is_real: true,
  });
}

async function checked(report: Report, access: Parameters<typeof tryContract>[0]): Promise<Trial> {
  const trial = await tryContract(access, ({ clause, state, problem }) =>
    report.check(`${access.name}: ${clause.says}`, state !== "broken", problem),
  );
  report.note(`${access.name} is seen as ${trial.description.release.name}`);
  return trial;
}
