import { Site } from "@uniview/api";
import { CLOUDS_FILE } from "../region.ts";
import type { Scenario } from "../world.ts";

const JOIN_MS = 60_000;

export const joinSites: Scenario = {
  name: "join-sites",
  title: "Both regions join with their clouds.yaml entries, as role member",
  async run({ zed, epoxy, uniview, report }) {
    for (const region of [zed, epoxy]) {
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
