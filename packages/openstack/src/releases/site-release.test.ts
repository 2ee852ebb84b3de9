import { expect, test } from "vitest";
import { compareMicroversions } from "../discovery/microversion.ts";
import type { ServiceType } from "../service/service-types.ts";
import { FINGERPRINTS } from "./fingerprints.ts";
import { releaseRange } from "./release-range.ts";
import { orderOf } from "./releases.ts";
import { siteRelease } from "./site-release.ts";

type Shown = Partial<Record<ServiceType, string>>;

/** What services show: Keystone and Glance by their version id, the others by microversion. */
function shown(versions: Shown) {
  return (Object.entries(versions) as [ServiceType, string][]).map(([type, max]) => {
    const by_id = type === "identity" || type === "image";
    return { type, versions: by_id ? { version: `v${max}` } : { version: "v1", min: "1.0", max } };
  });
}

const ALWAYS: Shown = { identity: "3.14", network: "2.0" };

test.each<[string, Shown]>([
  ["Queens", { compute: "2.60", "block-storage": "3.50", identity: "3.10", image: "2.6", placement: "1.17" }],
  ["Train", { compute: "2.79", "block-storage": "3.59", identity: "3.13", image: "2.9", placement: "1.36" }],
  ["Victoria", { compute: "2.87", "block-storage": "3.62", image: "2.11", placement: "1.36", ...ALWAYS }],
  ["Zed", { compute: "2.93", "block-storage": "3.70", image: "2.15", placement: "1.39", ...ALWAYS }],
  ["2024.1", { compute: "2.96", "block-storage": "3.71", image: "2.16", placement: "1.39", ...ALWAYS }],
  [
    "2025.1 to 2025.2",
    { compute: "2.100", "block-storage": "3.71", image: "2.17", placement: "1.39", ...ALWAYS },
  ],
  [
    "2026.1 or newer",
    { compute: "2.103", "block-storage": "3.71", image: "2.18", placement: "1.39", ...ALWAYS },
  ],
])("a site of %s is recognised, as closely as its services tell", (name, versions) => {
  expect(siteRelease(shown(versions))).toMatchObject({ name, confidence: "high" });
});

test("where two releases look alike both are named", () => {
  const release = siteRelease(shown({ compute: "2.95", "block-storage": "3.70" }));
  expect(release.name).toBe("2023.1 to 2023.2");
  expect(release.evidence.map((item) => item.text)).toEqual([
    "Nova 2.95: 2023.1 to 2023.2",
    "Cinder 3.70: Zed to 2023.2",
  ]);
});

test("services of different releases are said to differ", () => {
  const release = siteRelease(shown({ compute: "2.93", "block-storage": "3.62", ...ALWAYS }));
  expect(release).toMatchObject({ name: "Victoria and Zed (services differ)", confidence: "mixed" });
});

test("one witness alone is little confidence, none is none", () => {
  expect(siteRelease(shown({ identity: "3.13" }))).toMatchObject({ name: "Train", confidence: "low" });
  expect(siteRelease(shown({ network: "2.0" }))).toMatchObject({
    name: "unknown",
    confidence: "none",
    evidence: [],
  });
});

test("a version that no release had reaches from the one below to the one above", () => {
  expect(releaseRange("compute", "2.92")).toEqual({ from: "Xena", to: "Zed", or_newer: false });
});

test("a version newer than all is the newest release or a later one, an older one is unknown", () => {
  expect(releaseRange("compute", "2.150")).toEqual({ from: "2026.1", to: "2026.1", or_newer: true });
  expect(releaseRange("compute", "2.12")).toBeUndefined();
});

test("the table of fingerprints rises, in versions and in releases", () => {
  for (const prints of Object.values(FINGERPRINTS)) {
    for (const [at, print] of prints.entries()) {
      const before = prints[at - 1];
      if (before !== undefined) {
        expect(compareMicroversions(before.max, print.max)).toBeLessThan(0);
        expect(orderOf(before.from)).toBeLessThanOrEqual(orderOf(print.from));
      }
      if (print.to !== undefined) expect(orderOf(print.from)).toBeLessThanOrEqual(orderOf(print.to));
    }
  }
});
