import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RELEASES, type ReleaseName, startSandbox } from "@uniview/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareMicroversions } from "../../src/discovery/microversion.ts";
import { tryClause } from "./clause.ts";
import { CLAUSES } from "./clauses.ts";
import { type ContractSite, openContractSite } from "./contract-site.ts";

/** The same contract is tried against real regions by `npm run test:openstack -- contract`. */
describe.each(Object.keys(RELEASES) as ReleaseName[])("on a simulated site of %s", (release) => {
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let site: ContractSite;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "uniview-contract-"));
    sandbox = await startSandbox({ name: "here", release, dir, seed: "empty", transition_ms: 1 });
    const auth = { type: "password", username: "demo", password: "password", project_name: "demo" } as const;
    const { auth_url } = sandbox;
    site = await openContractSite({ name: release, auth_url, region_name: "here", auth, prefix: "contract" });
  });

  afterAll(async () => {
    await site.close();
    const left = (await sandbox.disks()).filter(({ kind }) => kind !== "image");
    await sandbox.close();
    await rm(dir, { recursive: true, force: true });
    expect(left).toEqual([]);
  });

  test.each(CLAUSES)("$says", async (clause) => {
    const { state, notes, problem } = await tryClause(clause, site);
    expect(problem).toBeUndefined();
    expect(state).not.toBe("broken");
    for (const { service, wanted } of notes) {
      const max = RELEASES[release][service === "compute" ? "compute_max" : "volume_max"];
      expect(compareMicroversions(max, wanted)).toBeLessThan(0);
    }
  });
});
