import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { NEGOTIATION_PAGE, negotiationPage } from "./negotiation-page.ts";

test("docs/negotiation.md says what the table says; node tools/negotiation-page.ts writes it anew", async () => {
  expect(await readFile(NEGOTIATION_PAGE, "utf8")).toBe(negotiationPage());
});
