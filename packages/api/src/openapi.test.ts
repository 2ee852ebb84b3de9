import { expect, test } from "vitest";
import { allEndpoints } from "./contract.ts";
import type { AnyEndpoint } from "./endpoint.ts";
import { openapiDocument } from "./openapi.ts";

const document = openapiDocument("1.0.0") as {
  paths: Record<string, Record<string, { operationId: string; parameters: { in: string; name: string }[] }>>;
  components: { schemas: Record<string, unknown> };
};

test("every endpoint of the contract is an operation of the document, once", () => {
  const ids = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map((row) => row.operationId),
  );
  expect(ids.toSorted()).toEqual(allEndpoints.map((row) => row.id).toSorted());
});

test("every parameter in a path is described, and every described one is in the path", () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const { parameters } of Object.values(operations)) {
      expect(
        parameters
          .filter((row) => row.in === "path")
          .map((row) => row.name)
          .toSorted(),
      ).toEqual(named.toSorted());
    }
  }
});

test("every reference leads to a component", () => {
  const referred = JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g);
  for (const [, name] of referred) expect(document.components.schemas).toHaveProperty(name ?? "");
});

/** They answer before what they create is there. */
const CREATE_JOBS = ["startMigration", "retryJob"];

test("every POST that creates takes an idempotency key", () => {
  const creates = (row: AnyEndpoint) => row.status === 201 || CREATE_JOBS.includes(row.id);
  const creating = allEndpoints.filter(
    (row) => row.method === "POST" && creates(row) && row.access !== "none",
  );
  for (const row of creating) expect(row.idempotent_by_key, row.id).toBe(true);
});

test("the document that is checked in is the one that the contract makes (after a change: vitest -u)", async () => {
  await expect(`${JSON.stringify(openapiDocument("0"), null, 2)}\n`).toMatchFileSnapshot("../openapi.json");
});
