import { expect, test } from "vitest";
import { allEndpoints } from "./contract.ts";
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

test("every POST that creates takes an idempotency key", () => {
  const creating = allEndpoints.filter(
    (row) => row.method === "POST" && row.status === 201 && row.access !== "none",
  );
  for (const row of creating) expect(row.idempotent_by_key, row.id).toBe(true);
});
