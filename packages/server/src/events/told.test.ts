import { expect, test } from "vitest";
import { packTold, type Told, unpackTold } from "./told.ts";

const told = (id: string): Told => ({
  change: { type: "resource", kind: "keypairs", site: "here", id },
  audience: { site_project_id: "7" },
});

test("many changes go into few payloads, each as long as NOTIFY takes, and come out in order", () => {
  const all = Array.from({ length: 1000 }, (_, at) => told("ü".repeat(at % 50) + at));
  const payloads = packTold(all);
  expect(payloads.flatMap(unpackTold)).toEqual(all);
  expect(payloads.length).toBeLessThan(30);
  expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(8000);
  expect(packTold([])).toEqual([]);
});
