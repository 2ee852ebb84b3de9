import type { CapabilityColumn, CapabilityRow, CapabilityState } from "@uniview/api";
import { expect, test } from "vitest";
import { MOST_COLUMNS, narrowMatrix } from "./narrow-matrix.ts";

const AT = "2026-11-22T12:00:00.000Z";
const column = (site: string): CapabilityColumn => ({
  id: site,
  site,
  project_id: "p",
  project_name: "demo",
  user_name: "demo",
  roles: [],
  probed_at: AT,
  took_ms: 1,
  problems: [],
});
const row = (capability: string, states: Record<string, CapabilityState>): CapabilityRow => ({
  capability,
  service: "block-storage",
  does: "snapshot a volume",
  rule: null,
  differs: true,
  cells: Object.entries(states).map(([column_id, state]) => ({
    column_id,
    state,
    how: "attempt",
    detail: null,
    evidence: null,
    since: AT,
    checked_at: AT,
  })),
});
const MATRIX = {
  columns: ["zed", "train", "epoxy"].map(column),
  rows: [
    row("a.same", { zed: "yes", train: "yes", epoxy: "unknown" }),
    row("b.differs", { zed: "yes", train: "yes", epoxy: "no" }),
  ],
};
const names = (search: Parameters<typeof narrowMatrix>[1]) => {
  const { columns, rows } = narrowMatrix(MATRIX, search);
  return [columns.map(({ site }) => site), rows.map(({ capability }) => capability)];
};

test("words choose rows, site: chooses columns", () => {
  expect(names({ q: "Snapshot a." })).toEqual([["zed", "train", "epoxy"], ["a.same"]]);
  expect(names({ q: "site:zed site:ep" })).toEqual([
    ["zed", "epoxy"],
    ["a.same", "b.differs"],
  ]);
  expect(names({ q: "nothing" })[1]).toEqual([]);
});

test("differences are those among the sites that are looked at", () => {
  expect(names({ only: "differences" })[1]).toEqual(["b.differs"]);
  expect(names({ only: "differences", q: "site:zed site:train" })[1]).toEqual([]);
});

test("a table has an end, and says how much is beyond it", () => {
  const columns = Array.from({ length: MOST_COLUMNS + 3 }, (_, at) => column(`s${at}`));
  const narrow = narrowMatrix({ columns, rows: [] }, {});
  expect([narrow.columns.length, narrow.more]).toEqual([MOST_COLUMNS, 3]);
});
