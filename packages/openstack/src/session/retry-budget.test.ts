import { expect, test } from "vitest";
import { catalogEntry, tokenReply } from "../../test/keystone-stub.ts";
import { NOVA_VERSIONED } from "../../test/recorded-documents.ts";
import { stubSite } from "../../test/stub-site.ts";
import { RetryBudget } from "./retry-budget.ts";
import { createSession } from "./session.ts";

test("twenty tries in a row, then one for each five answers that were fine", () => {
  const budget = new RetryBudget();
  expect(Array.from({ length: 25 }, () => budget.spend()).filter(Boolean)).toHaveLength(20);
  for (let answers = 0; answers < 5; answers += 1) budget.refund();
  expect([budget.spend(), budget.spend()]).toEqual([true, false]);
});

test("a site that limits every call is asked less and less, and each caller is told what it said", async () => {
  await using site = await stubSite();
  const catalog = [catalogEntry("compute", `${site.url}/v2.1`)];
  site.on["POST /v3/auth/tokens"] = tokenReply({ catalog });
  site.on["GET /v2.1/"] = { json: NOVA_VERSIONED };
  const limited = {
    status: 429,
    headers: { "retry-after": "0" },
    json: { overLimit: { message: "slowly" } },
  };
  site.on["GET /v2.1/limits"] = limited;
  const auth = { type: "password", username: "demo", password: "s", project_name: "demo" } as const;
  const session = createSession({ auth_url: `${site.url}/v3`, auth });
  const nova = await session.service("compute");
  for (let call = 0; call < 30; call += 1)
    await expect(nova.get("/limits")).rejects.toMatchObject({ status: 429, retryable: true });
  const asked = site.log.filter((line) => line === "GET /v2.1/limits").length;
  expect(asked).toBe(50);
  await session.close();
});
