import { expect, test } from "vitest";
import { compareMicroversions } from "../discovery/microversion.ts";
import { negotiate } from "./negotiate.ts";
import { least, wanted } from "./operation.ts";
import { OPERATION_NAMES, OPERATIONS, type OperationName } from "./operations.ts";

const RANGES = {
  compute: { version: "v2.1", min: "2.1", max: "2.999" },
  "block-storage": { version: "v3", min: "3.0", max: "3.999" },
};

/** A site of which nothing is known but its newest microversion. */
function siteOf(name: OperationName, max?: string) {
  const { service } = OPERATIONS[name];
  const range = service === "compute" ? RANGES.compute : RANGES["block-storage"];
  return { type: service, versions: max === undefined ? range : { ...range, max } };
}

function before(microversion: string): string {
  const [major, minor] = microversion.split(".");
  return `${major}.${Number(minor) - 1}`;
}

const BOUNDARIES = OPERATION_NAMES.flatMap((name) =>
  Object.entries(OPERATIONS[name].ways).flatMap(([way, { since }]) =>
    since === undefined ? [] : [[name, way, since] as const],
  ),
);

test.each(BOUNDARIES)(
  "%s goes the way '%s' on a site of %s, and not on one before it",
  (name, way, since) => {
    const at = negotiate(siteOf(name, since), name);
    expect(at.ways[name]).toBe(way);
    expect(at.microversion).toBe(since);
    const ways = Object.keys(OPERATIONS[name].ways);
    const [oldest] = Object.values(OPERATIONS[name].ways).slice(-1);
    if (oldest?.since === since) {
      expect(() => negotiate(siteOf(name, before(since)), name)).toThrow(OPERATIONS[name].does);
      return;
    }
    const older = negotiate(siteOf(name, before(since)), name);
    expect(ways.indexOf(older.ways[name] ?? "")).toBeGreaterThan(ways.indexOf(way));
    expect(older.microversion === undefined || compareMicroversions(older.microversion, since) < 0).toBe(
      true,
    );
  },
);

test.each(OPERATION_NAMES)("%s is done wholly, and without a note, by any newer site", (name) => {
  const { microversion, ways, degraded } = negotiate(siteOf(name), name);
  expect(ways[name]).toBe(Object.keys(OPERATIONS[name].ways)[0]);
  expect(microversion).toBe(wanted(OPERATIONS[name]));
  expect(degraded).toEqual([]);
});

test.each(OPERATION_NAMES)("%s by the oldest site is done in its last way, or refused", (name) => {
  const site = siteOf(name, siteOf(name).versions.min);
  const [way, last] = Object.entries(OPERATIONS[name].ways).at(-1) ?? [];
  if (least(OPERATIONS[name]) !== undefined) {
    expect(() => negotiate(site, name)).toThrow("Do without it");
    return;
  }
  const { microversion, ways, degraded } = negotiate(site, name);
  expect(ways[name]).toBe(way);
  expect(microversion).toBeUndefined();
  expect(degraded.map(({ lost }) => lost)).toEqual(last?.lost === undefined ? [] : [last.lost]);
});

test("ways go from the newest to the oldest, and only the wanted one loses nothing by right", () => {
  for (const name of OPERATION_NAMES) {
    const ways = Object.values(OPERATIONS[name].ways);
    expect(ways[0]?.lost, name).toBeUndefined();
    for (const [at, way] of ways.entries()) {
      const next = ways[at + 1];
      if (next?.since !== undefined)
        expect(compareMicroversions(way.since ?? "0.0", next.since), name).toBeGreaterThan(0);
      expect(way.how, name).toMatch(/\.$/);
      if (way.lost !== undefined) expect(way.lost, name).toMatch(/[a-z]\.$/);
    }
  }
});
