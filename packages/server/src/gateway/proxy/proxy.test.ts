import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "./testing.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

test("a list of a site comes through", async () => {
  const answer = await gateway.ask("zed/compute/v2.1/servers/detail");
  expect(answer.status).toBe(200);
  const { servers } = (await answer.json()) as {
    servers: { tenant_id: string; links: { href: string }[] }[];
  };
  expect(servers.length).toBeGreaterThan(0);
  expect(servers[0]?.tenant_id).toBe(gateway.project_id);
  expect(servers[0]?.links[0]?.href).toMatch(`${gateway.server.url}/openstack/zed/compute/v2.1/servers/`);
});
