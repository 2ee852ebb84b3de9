import type { Change } from "@uniview/api";
import { expect, test } from "vitest";
import { packTold, type Told, unpackTold } from "./told.ts";

const changeOf = (id: string): Change => ({ type: "resource", kind: "keypairs", site: "here", id });

test("many changes go into few payloads, each as long as NOTIFY takes, and come out in order", () => {
  const all: Told[] = Array.from({ length: 60 }, (_, whom) => ({
    changes: Array.from({ length: whom % 40 }, (_, at) => changeOf("ü".repeat(at * (whom % 7)) + at)),
    audience: { site_project_id: String(whom) },
  }));
  const apart = (told: readonly Told[]) =>
    told.flatMap(({ changes, audience }) => changes.map((change) => ({ change, audience })));
  const payloads = packTold(all);
  expect(apart(payloads.flatMap(unpackTold))).toEqual(apart(all));
  expect(payloads.length).toBeLessThan(60);
  expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(8000);
  expect(packTold([])).toEqual([]);
});
