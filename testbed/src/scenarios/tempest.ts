import { readFile } from "node:fs/promises";
import { pickCloud, readCloudsYaml } from "@uniview/api";
import { collect } from "@uniview/openstack";
import { listFlavors } from "@uniview/openstack/compute/flavors";
import { listImages } from "@uniview/openstack/image/images";
import { listNetworks } from "@uniview/openstack/network/networks";
import { CLOUDS_FILE, type Region } from "../region.ts";
import { runTempest, type TempestCloud } from "../tempest.ts";
import type { Scenario } from "../world.ts";

export const tempest: Scenario = {
  name: "tempest",
  title: "Tempest passes through the gateway what it passes at the site itself",
  async run({ zed, uniview, report }) {
    const { cloud } = pickCloud(readCloudsYaml(await readFile(CLOUDS_FILE, "utf8")), zed.name);
    const { auth_url, username = "", password = "", project_name = "" } = cloud.auth;
    const region_name = cloud.region_name ?? zed.name;
    const things = await thingsOf(zed);
    const straight = await report.time("Tempest at zed itself", () =>
      runTempest({ ...things, auth_url, username, password, project_name, region_name }),
    );
    const through = await report.time("Tempest through the gateway", () =>
      runTempest({ ...things, ...uniview.credentials, project_name, region_name: zed.name }),
    );
    const passed = [...straight].filter(([, outcome]) => outcome === "ok").map(([test]) => test);
    report.note(`${passed.length} of ${straight.size} tests pass at the site itself`);
    for (const test of passed)
      report.check(test, through.get(test) === "ok", through.get(test) ?? "did not run");
    const elsewhere = [...straight].filter(([, outcome]) => outcome !== "ok");
    for (const [test, outcome] of elsewhere)
      report.note(
        `not a measure: ${test} (${outcome} at the site, ${through.get(test)} through the gateway)`,
      );
  },
};

async function thingsOf({
  nova,
  glance,
  neutron,
}: Region): Promise<Pick<TempestCloud, "image_id" | "flavor_ids" | "network_name" | "public_network">> {
  const [flavors, images, networks] = await Promise.all([
    collect(listFlavors(nova)),
    collect(listImages(glance)),
    collect(listNetworks(neutron)),
  ]);
  const named = <T extends { id: string; name?: string | null }>(all: readonly T[], name: string): T => {
    const found = all.find((one) => one.name === name);
    if (!found) throw new Error(`the region has no ${name}`);
    return found;
  };
  return {
    image_id: named(images, "osbed-guest").id,
    flavor_ids: [named(flavors, "m1.nano").id, named(flavors, "m1.micro").id],
    network_name: "demo-net",
    public_network: { id: named(networks, "public").id, name: "public" },
  };
}
