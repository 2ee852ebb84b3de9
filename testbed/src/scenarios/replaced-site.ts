import { Site } from "@uniview/api";
import { CLOUDS_FILE, testbed } from "../region.ts";
import { until } from "../until.ts";
import type { Scenario } from "../world.ts";
import { servicesNotOf } from "./join-sites.ts";

/** A region of its own, at an address that both of its lives have. */
const NAME = "aging";
const ADDRESS = ["--n", "4"];
const NOTICED_MS = 300_000;

export const replacedSite: Scenario = {
  name: "replaced-site",
  title: "A region that is replaced by a newer one at the same address is noticed by itself",
  async run({ uniview, report }) {
    const show = async () => Site.parse(await uniview.json("site", "show", NAME));
    try {
      await testbed("up", NAME, "bullseye", ...ADDRESS);
      await uniview.json("site", "add", NAME, "--cloud", NAME, "--os-cloud-file", CLOUDS_FILE);
      const before = await show();
      report.note(`before: ${before.discovery.release.label} (${before.discovery.release.evidence})`);
      report.check("it is seen as Victoria", servicesNotOf("Victoria", before.discovery).length === 0);

      await testbed("down", NAME);
      await testbed("up", NAME, "trixie", ...ADDRESS);
      const after = await until("the newer release is noticed", NOTICED_MS, async () => {
        const site = await show();
        return servicesNotOf("2025.1", site.discovery).length === 0 ? site : undefined;
      });
      report.note(`after: ${after.discovery.release.label} (${after.discovery.release.evidence})`);
      report.check("it is seen as 2025.1, service by service, without a restart or a word from us", true);
      report.check(
        "that its credential is gone with the old region is told, with what to do",
        Boolean(after.problem?.remedy),
        after.problem,
      );
    } finally {
      await uniview.cli("site", "remove", NAME, "--yes", "--force");
      await testbed("down", NAME).catch(() => undefined); // it may never have come up
    }
  },
};
