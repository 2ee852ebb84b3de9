import type { Finding } from "@uniview/openstack";
import { expect, test } from "vitest";
import { type Known, mergeFindings, missingVolumeTypes } from "./merge-findings.ts";

const MONDAY = "2026-11-16T08:00:00.000Z";
const TUESDAY = "2026-11-17T08:00:00.000Z";
const SNAPSHOT = "block-storage.create_snapshot";

const known = (more: Partial<Known> = {}): Known => ({
  capability: SNAPSHOT,
  state: "yes",
  how: "attempt",
  detail: null,
  evidence: null,
  since: MONDAY,
  checked_at: MONDAY,
  ...more,
});
const found = (state: Finding["state"], how: Finding["how"] = "attempt"): Finding => ({
  capability: SNAPSHOT,
  state,
  how,
});
const merge = (row: Known | undefined, finding: Finding) =>
  mergeFindings(row === undefined ? [] : [row], [finding], TUESDAY);

test("what is found for the first time is no change", () => {
  const { rows, changes } = merge(undefined, found("no"));
  expect(changes).toEqual([]);
  expect(rows).toMatchObject([{ state: "no", since: TUESDAY, checked_at: TUESDAY }]);
});

test("what is found again keeps the date since when it is so", () => {
  const { rows, changes } = merge(known(), found("yes"));
  expect(changes).toEqual([]);
  expect(rows).toMatchObject([{ since: MONDAY, checked_at: TUESDAY }]);
});

test("what contradicts is a change, with its own date", () => {
  const { rows, changes } = merge(known(), found("no", "job"));
  expect(changes).toEqual([{ capability: SNAPSHOT, from: "yes", to: "no" }]);
  expect(rows).toMatchObject([{ state: "no", how: "job", since: TUESDAY }]);
});

test("a look that could not tell takes nothing away of what was found out", () => {
  for (const finding of [found("unknown"), found("yes", "default_policy"), found("no", "default_policy")]) {
    expect(merge(known({ how: "job" }), finding)).toEqual({ rows: [], changes: [] });
  }
});

test("a default policy is replaced by what is found, and that contradicts nobody", () => {
  const { rows, changes } = merge(known({ how: "default_policy" }), found("no"));
  expect(changes).toEqual([]);
  expect(rows).toMatchObject([{ state: "no", since: TUESDAY }]);
  const confirmed = merge(known({ how: "default_policy" }), found("yes"));
  expect(confirmed.rows).toMatchObject([{ how: "attempt", since: TUESDAY }]);
});

test("a volume type that is listed no more is gone, any other capability is not", () => {
  const types = [known({ capability: "block-storage.volume_type.ceph" }), known()];
  const gone = missingVolumeTypes(types, []);
  expect(gone).toMatchObject([{ capability: "block-storage.volume_type.ceph", state: "no" }]);
  expect(mergeFindings(types, gone, TUESDAY).changes).toHaveLength(1);
});
