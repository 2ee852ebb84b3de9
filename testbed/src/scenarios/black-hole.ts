import { testbed } from "../region.ts";
import { until } from "../until.ts";
import type { Scenario } from "../world.ts";

interface ServerList {
  readonly items: { site: string }[];
  readonly sites: { site: string; state: string; as_of: string | null; problem?: { detail: string } }[];
}

/** The probe of a site may take its connection's patience, twice, until it gives up. */
const NOTICED_MS = 240_000;
const RUNS = 5;
/** A list that waited for the site would take its connect time-out: seconds. */
const SLACK_MS = 500;

export const blackHole: Scenario = {
  name: "black-hole",
  title:
    "One of two sites is black-holed: the list answers as before, and shows the site as unreachable with its age",
  async run({ uniview, report }) {
    const list = async (): Promise<ServerList> => {
      const { code, output, errors } = await uniview.cli("server", "list", "--json");
      // 5: some sites are missing, and the list is printed all the same
      if (code !== 0 && code !== 5) throw new Error(`server list ended with ${code}: ${errors}`);
      return JSON.parse(output) as ServerList;
    };
    const median = async () => {
      const times: number[] = [];
      for (let run = 0; run < RUNS; run++) {
        const began_at = performance.now();
        await list();
        times.push(performance.now() - began_at);
      }
      return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
    };
    const had = (await list()).items.filter(({ site }) => site === "zed").length;
    const before_ms = await median();
    await testbed("blackhole", "zed");
    try {
      const during_ms = await median();
      const unreachable = await until("zed is shown as unreachable", NOTICED_MS, async () => {
        const { sites, items } = await list();
        const zed = sites.find(({ site }) => site === "zed");
        return zed?.state === "unreachable" ? { zed, items } : undefined;
      });
      const after_ms = await median();
      report.figure(
        "server list: before / packets dropped / noticed",
        `${[before_ms, during_ms, after_ms].map(Math.round).join(" / ")} ms`,
      );
      const slowest_ms = Math.max(during_ms, after_ms);
      report.check(
        "the list answers within the time it took before",
        slowest_ms < before_ms * 1.5 + SLACK_MS,
        `${before_ms} ms before, ${slowest_ms} ms now`,
      );
      report.check("zed's age is said", unreachable.zed.as_of !== null, unreachable.zed);
      report.check("and what is wrong with it", Boolean(unreachable.zed.problem?.detail), unreachable.zed);
      const shown = unreachable.items.filter(({ site }) => site === "zed").length;
      report.check("zed's servers are still listed", shown === had, `${had} before, ${shown} now`);
    } finally {
      await testbed("heal", "zed");
    }
    await until("zed is fresh again", NOTICED_MS, async () =>
      (await list()).sites.find(({ site, state }) => site === "zed" && state === "fresh"),
    );
    report.check("zed is fresh again by itself", true);
  },
};
