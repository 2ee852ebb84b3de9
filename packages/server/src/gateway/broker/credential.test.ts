import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "../proxy/testing.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const json = { "content-type": "application/json" };

/** Signs in by an application credential that is made for it. */
async function tokenOf(credential: Record<string, unknown>): Promise<string> {
  const { url } = gateway.server;
  const whoami = await fetch(`${url}/identity/v3/auth/tokens`, {
    headers: { "x-auth-token": gateway.token, "x-subject-token": gateway.token },
  });
  const { token } = (await whoami.json()) as { token: { user: { id: string } } };
  const made = await fetch(`${url}/identity/v3/users/${token.user.id}/application_credentials`, {
    method: "POST",
    headers: { ...json, "x-auth-token": gateway.token },
    body: JSON.stringify({ application_credential: { name: crypto.randomUUID(), ...credential } }),
  });
  expect(made.status, await made.clone().text()).toBe(201);
  const { application_credential } = (await made.json()) as {
    application_credential: { id: string; secret: string };
  };
  const signed = await fetch(`${url}/identity/v3/auth/tokens`, {
    method: "POST",
    headers: json,
    body: JSON.stringify({
      auth: { identity: { methods: ["application_credential"], application_credential } },
    }),
  });
  expect(signed.status, await signed.clone().text()).toBe(201);
  return signed.headers.get("x-subject-token") ?? "";
}

test("with the broker on, an old site answers as well as it can and says what is lost", async () => {
  const token = await tokenOf({ uniview_broker: true });
  const headers = { "x-auth-token": token, "openstack-api-version": "compute 2.96" };
  const listed = await gateway.ask("zed/compute/v2.1/servers/detail", { headers });
  expect(listed.status).toBe(200);
  expect(listed.headers.get("openstack-api-version")).toBe("compute 2.93");
  expect(listed.headers.get("openstack-uniview-degraded")).toContain("Nova 2.93 answers instead of 2.96.");
  const direct = await gateway.ask("epoxy/compute/v2.1/servers/detail", { headers });
  expect(direct.headers.get("openstack-api-version")).toBe("compute 2.96");
  expect(direct.headers.get("openstack-uniview-degraded")).toBeNull();
});

test("with the broker off, the site's refusal comes through", async () => {
  const headers = { "x-auth-token": await tokenOf({}), "openstack-api-version": "compute 2.96" };
  expect((await gateway.ask("zed/compute/v2.1/servers", { headers })).status).toBe(406);
});

test("an application credential with access rules does what they say, and nothing else", async () => {
  const rules = [{ service: "compute", method: "GET", path: "/v2.1/servers" }];
  const headers = { "x-auth-token": await tokenOf({ access_rules: rules }) };
  expect((await gateway.ask("zed/compute/v2.1/servers", { headers })).status).toBe(200);
  expect((await gateway.ask("global/compute/v2.1/servers", { headers })).status).toBe(200);
  const refused = [
    gateway.ask("zed/compute/v2.1/flavors", { headers }),
    gateway.ask("zed/image/v2/images", { headers }),
    gateway.ask("zed/compute/v2.1/servers", { method: "POST", headers: { ...headers, ...json }, body: "{}" }),
    gateway.ask("global/compute/v2.1/servers/detail", { headers }),
  ];
  for (const answer of await Promise.all(refused)) expect(answer.status).toBe(403);
});
