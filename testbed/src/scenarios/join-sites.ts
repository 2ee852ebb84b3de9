import { type Discovery, Site } from "@uniview/api";
import { orderOf, RELEASES, type Release } from "@uniview/openstack/releases/releases";
import { CLOUDS_FILE } from "../region.ts";
import type { Scenario } from "../world.ts";

const JOIN_MS = 60_000;

export const joinSites: Scenario = {
  name: "join-sites",
  title: "All regions join with their clouds.yaml entries, as role member",
  async run({ regions, uniview, report }) {
    for (const region of regions) {
      const began_at = performance.now();
      const site = Site.parse(
        await uniview.json(
          "site",
          "add",
          region.name,
          "--cloud",
          region.name,
          "--os-cloud-file",
          CLOUDS_FILE,
        ),
      );
      const took_ms = performance.now() - began_at;
      report.figure(`${region.name} joined in`, `${(took_ms / 1000).toFixed(1)} s`);
      report.check(`${region.name} joined in under 60 s`, took_ms < JOIN_MS, `${took_ms} ms`);
      const types = site.discovery.services.map(({ type }) => type);
      for (const type of ["compute", "image", "network", "identity"]) {
        report.check(`${region.name}: ${type} was found`, types.includes(type), types);
      }
      report.check(
        `${region.name}: the release is named with its evidence`,
        site.discovery.release.evidence !== "",
        site.discovery.release,
      );
      const shown = Site.parse(await uniview.json("site", "show", region.name));
      const wrong = servicesNotOf(region.release, shown.discovery);
      report.check(
        `${region.name}: site show names releases around ${region.release} for every service that tells`,
        wrong.length === 0,
        wrong,
      );
      report.note(`${region.name}: ${site.discovery.release.label} (${site.discovery.release.evidence})`);
      const roles = site.projects.flatMap((project) => project.roles);
      report.check(
        `${region.name}: no admin needed`,
        !roles.includes("admin") && roles.includes("member"),
        roles,
      );
    }
  },
};

/** Services whose range of releases does not hold this one; a range may be open at its end. */
export function servicesNotOf(release: Release, { services, release: verdict }: Discovery): string[] {
  const order = (name: string | null, otherwise: number) => {
    const known = RELEASES.find((each) => each === name);
    return known ? orderOf(known) : otherwise;
  };
  const at = orderOf(release);
  return [{ type: "the site", release: verdict }, ...services].flatMap(({ type, release: range }) =>
    range === null || (order(range.from, 0) <= at && at <= order(range.to, RELEASES.length))
      ? []
      : [`${type}: ${range.label}`],
  );
}
