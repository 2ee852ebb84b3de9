import { testDatabaseUrl } from "@uniview/server/db/testing";
import { beforeAll, expect, test } from "vitest";
import { barsOf } from "./bars.ts";
import { reportBars, reportRounds } from "./report.ts";
import { type Round, runRound, type Shape } from "./round.ts";

/** The bench's own machinery, so that it works on the day when it is needed. No figure of it means anything here. */
const SMALL: Shape = { sites: 3, servers_a_site: 40, peer_sites: 1, pairs: 1, times: 2 };

let round: Round;

beforeAll(async () => {
  round = await runRound({
    shape: SMALL,
    database_url: await testDatabaseUrl(),
    database_pid: undefined,
    with_peer: false,
    on_step: () => {},
  });
});

test("a round reads what the stubs have, refreshes what changed, and finds what the searches name", () => {
  const found = Object.fromEntries(round.searches.map((one) => [one.what, [one.found, one.told]]));
  expect(found).toMatchObject({
    name: [1, "1"],
    UUID: [1, "1"],
    "10 % of all": [12, "12"],
    "20 % of all": [24, "24"],
    nothing: [0, "0"],
  });
  expect(round.dead_site).toHaveLength(1);
});

test("every bar is told, and one that was not measured does not hold", () => {
  const bars = barsOf([round], SMALL);
  expect(bars.map(({ id }) => id)).toEqual([
    "C1",
    "C2",
    "C2_rss",
    "C3",
    "C3_unchanged",
    "C4",
    "C5",
    "C5_pinpoint",
  ]);
  expect(bars[0]).toEqual({ id: "C1", value: null, op: ">=", target: 40, holds: false });
  expect(reportBars(bars)).toContain("not measured");
  expect(reportRounds([round], SMALL)).toContain("openstacksdk: not run");
});
