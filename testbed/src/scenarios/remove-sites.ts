import { collect } from "@uniview/openstack";
import { listApplicationCredentials } from "@uniview/openstack/identity/application-credentials";
import type { Region } from "../region.ts";
import type { Scenario } from "../world.ts";

export const removeSites: Scenario = {
  name: "remove-sites",
  title: "A removed site has nothing of Uniview left",
  async run({ regions, uniview, report }) {
    for (const region of regions) {
      const [minted, others] = await credentialsOf(region);
      report.note(
        `${region.name}: ${minted.length} application credentials of Uniview before, ${others} others`,
      );
      const { code, errors } = await uniview.cli("site", "remove", region.name, "--yes");
      report.check(`uniview site remove ${region.name} succeeds`, code === 0, errors);
      const [left] = await credentialsOf(region);
      const gone = minted.length - left.length;
      report.check(
        `${region.name}: this Uniview's application credential is gone`,
        minted.length === 0 || gone >= 1,
        left,
      );
    }
  },
};

/** The user may hold credentials of other Univiews too: this run's only must be one fewer. */
async function credentialsOf({ keystone, session }: Region): Promise<[string[], number]> {
  const all = await collect(listApplicationCredentials(keystone, session.user?.id ?? ""));
  const minted = all.filter(({ name }) => name.startsWith("uniview-")).map(({ name }) => name);
  return [minted, all.length - minted.length];
}
