import { endpoints } from "@uniview/api";
import { generate } from "otplib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testGrant, testProject } from "../../inventory/testing.ts";
import { startTestServer, TEST_PASSWORD, type TestServer, type TestUser } from "../../testing.ts";
import { askIdentity, authenticate, byPassword, DEFAULT, inProject, tokenOf } from "../testing.ts";

let server: TestServer;
let ada: TestUser;
let bob: TestUser;
let project_id: string;

beforeAll(async () => {
  server = await startTestServer();
  [ada, bob] = await Promise.all([server.user("ada"), server.user("bob")]);
  const asking = { user_id: ada.id, name: "ada", role: "user", via: "token", credential_id: ada.id } as const;
  const joined = await testProject(server.database, "zed", "demo", asking);
  await testGrant(server.database, asking, joined);
  const { kysely } = server.database;
  await kysely.insertInto("site_catalogs").values({ site_project_id: joined.id, catalog: "[]" }).execute();
  ({ id: project_id } = await ada.client.call(endpoints.createProject, { body: { name: "demo" } }));
  await ada.client.call(endpoints.attachSite, {
    params: { id: project_id },
    body: { site: "zed", project_id: joined.project_id },
  });
});
afterAll(() => server.close());

interface Made {
  id: string;
  secret: string;
  name: string;
  access_rules?: { id: string }[];
}
const pathOf = (user: TestUser) => `/v3/users/${user.id.replaceAll("-", "")}/application_credentials`;
const make = (token: string, wish: object, user = ada) =>
  askIdentity(server, "POST", pathOf(user), { token, body: { application_credential: wish } });
const made = async (token: string, wish: object) => {
  const answer = await make(token, wish);
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { application_credential: Made }).application_credential;
};
const withCredential = (credential: object, scope?: object) =>
  authenticate(server, { methods: ["application_credential"], application_credential: credential }, scope);
const secretOf = (answer: Response) => answer.headers.get("x-subject-token") ?? "";

test("a credential signs in to its own project, by its id or by its name and user", async () => {
  const token = await tokenOf(server, "ada", "demo");
  const { id, secret } = await made(token, { name: "ci", description: "pipeline" });
  const user = { name: "ada", domain: DEFAULT };
  for (const named of [
    { id, secret },
    { name: "ci", user, secret },
  ]) {
    const answer = await withCredential(named);
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({
      token: {
        methods: ["application_credential"],
        project: { id: project_id },
        application_credential: { id, name: "ci", restricted: true },
      },
    });
  }
  expect((await withCredential({ id, secret: "wrong secret" })).status).toBe(401);
  expect((await withCredential({ id, secret }, { domain: DEFAULT })).status).toBe(401);
  expect((await withCredential({ id, secret }, { project: { id: "0".repeat(32) } })).status).toBe(401);
  expect((await make(token, { name: "ci" })).status).toBe(409);
});

test("a secret that the client chose works, and neither kind is stored", async () => {
  const token = await tokenOf(server, "ada", "demo");
  const chosen = "a secret of my own";
  const { id } = await made(token, { name: "chosen", secret: chosen });
  expect((await withCredential({ id, secret: chosen })).status).toBe(201);
  const { rows } = await server.database.pool.query("select secret_hash from application_credentials");
  expect(JSON.stringify(rows)).not.toContain(chosen);
});

test("a restricted credential makes no others, an unrestricted one does", async () => {
  const token = await tokenOf(server, "ada", "demo");
  const restricted = secretOf(
    await withCredential(await made(token, { name: "restricted" }).then(idAndSecret)),
  );
  expect((await make(restricted, { name: "more" })).status).toBe(403);
  const free = await made(token, { name: "free", unrestricted: true });
  const unrestricted = secretOf(await withCredential(idAndSecret(free)));
  expect((await make(unrestricted, { name: "more" })).status).toBe(201);
  const rescoped = await authenticate(server, { methods: ["token"], token: { id: restricted } }, "unscoped");
  expect(rescoped.status).toBe(401);
});

test("an expired credential, and one of a user without the project any more, is refused", async () => {
  const token = await tokenOf(server, "ada", "demo");
  const credential = await made(token, { name: "short", expires_at: "2999-01-01T00:00:00" });
  expect((await withCredential(idAndSecret(credential))).status).toBe(201);
  await server.database.pool.query(
    "update application_credentials set expires_at = now() where name = 'short'",
  );
  expect((await withCredential(idAndSecret(credential))).status).toBe(401);
  expect((await make(token, { name: "past", expires_at: "2020-01-01T00:00:00" })).status).toBe(400);
});

test("an expiry comes back as it was sent, to the microsecond", async () => {
  const token = await tokenOf(server, "ada", "demo");
  const expires_at = "2999-01-02T03:04:05.678901";
  expect(await made(token, { name: "exact", expires_at })).toMatchObject({ expires_at });
  expect((await make(token, { name: "no instant", expires_at: "tomorrow" })).status).toBe(400);
});

test("a DELETE without a body may still say that it is JSON", async () => {
  const token = await tokenOf(server, "ada", "demo");
  const { id } = await made(token, { name: "short-lived" });
  const headers = { "content-type": "application/json" };
  const gone = await askIdentity(server, "DELETE", `${pathOf(ada)}/${id}`, { token, headers });
  expect(gone.status).toBe(204);
});

test("deleting a credential ends its tokens at once", async () => {
  const token = await tokenOf(server, "ada", "demo");
  const credential = await made(token, { name: "leaked" });
  const theirs = secretOf(await withCredential(idAndSecret(credential)));
  expect((await askIdentity(server, "GET", "/v3/auth/catalog", { token: theirs })).status).toBe(200);
  const path = `${pathOf(ada)}/${credential.id}`;
  expect((await askIdentity(server, "DELETE", path, { token })).status).toBe(204);
  expect((await askIdentity(server, "GET", "/v3/auth/catalog", { token: theirs })).status).toBe(401);
  expect((await withCredential(idAndSecret(credential))).status).toBe(401);
});

test("access rules are kept with the credential and stay while it holds them", async () => {
  const token = await tokenOf(server, "ada", "demo");
  const rules = [{ service: "compute", method: "GET", path: "/v2.1/servers" }];
  const credential = await made(token, { name: "reader", access_rules: rules });
  expect(credential.access_rules).toMatchObject(rules);
  const [rule] = credential.access_rules ?? [];
  const base = `/v3/users/${ada.id.replaceAll("-", "")}/access_rules`;
  const all = await askIdentity(server, "GET", base, { token });
  expect(await all.json()).toMatchObject({ access_rules: rules });
  expect((await askIdentity(server, "DELETE", `${base}/${rule?.id}`, { token })).status).toBe(403);
  const again = await made(token, { name: "reader 2", access_rules: [{ id: rule?.id }] });
  expect(again.access_rules).toMatchObject(rules);
  for (const { id } of [credential, again]) {
    await askIdentity(server, "DELETE", `${pathOf(ada)}/${id}`, { token });
  }
  expect((await askIdentity(server, "DELETE", `${base}/${rule?.id}`, { token })).status).toBe(204);
});

test("somebody else's credentials are as if they were not there", async () => {
  const token = secretOf(await authenticate(server, byPassword("bob")));
  const [credential] = (await ada.client.call(endpoints.listApplicationCredentials)).items;
  for (const path of [pathOf(ada), `${pathOf(ada)}/${credential?.id}`, `${pathOf(bob)}/${credential?.id}`]) {
    expect((await askIdentity(server, "GET", path, { token })).status).toBe(404);
  }
  expect((await make(token, { name: "mine" })).status).toBe(404);
  expect((await make(token, { name: "mine" }, bob)).status).toBe(403);
});

test("the console makes the same credentials, shows the secret once, and revokes them", async () => {
  const body = { name: "from the console", project_id, broker: true, expires_in_days: 30 };
  const credential = await ada.client.call(endpoints.createApplicationCredential, { body });
  expect((await withCredential(idAndSecret(credential))).status).toBe(201);
  const { items } = await ada.client.call(endpoints.listApplicationCredentials);
  expect(items).toContainEqual(expect.objectContaining({ name: body.name, broker: true }));
  expect(JSON.stringify(items)).not.toContain(credential.secret);
  await expect(
    bob.client.call(endpoints.createApplicationCredential, { body: { name: "x", project_id } }),
  ).rejects.toMatchObject({ slug: "not-found" });
  await ada.client.call(endpoints.deleteApplicationCredential, { params: { id: credential.id } });
  expect((await withCredential(idAndSecret(credential))).status).toBe(401);
});

test("with a second factor the password alone gets a receipt, and the code the token", async () => {
  const eve = await server.user("eve");
  const { secret, uri } = await eve.client.call(endpoints.beginSecondFactor);
  expect(uri).toMatch(/^otpauth:\/\/totp\/Uniview:eve\?/);
  expect((await authenticate(server, byPassword("eve"))).status).toBe(201);
  const confirmed = await freshCode(eve, secret);
  await eve.client.call(endpoints.confirmSecondFactor, { body: { passcode: confirmed } });

  const half = await authenticate(server, byPassword("eve"));
  expect(half.status).toBe(401);
  expect(await half.json()).toMatchObject({
    receipt: { methods: ["password"], user: { name: "eve" } },
    required_auth_methods: [["password", "totp"]],
  });
  const receipt = half.headers.get("openstack-auth-receipt") ?? "";
  const withCode = (passcode: string, headers: Record<string, string>) =>
    askIdentity(server, "POST", "/v3/auth/tokens", {
      headers,
      body: {
        auth: { identity: { methods: ["totp"], totp: { user: { name: "eve", domain: DEFAULT, passcode } } } },
      },
    });
  expect((await withCode(confirmed, { "openstack-auth-receipt": receipt })).status).toBe(401);
  const whole = await withCode(await freshCode(eve, secret), { "openstack-auth-receipt": receipt });
  expect(whole.status).toBe(201);
  expect(await whole.json()).toMatchObject({ token: { methods: ["password", "totp"] } });

  const at_once = {
    methods: ["password", "totp"],
    password: byPassword("eve").password,
    totp: { user: { name: "eve", domain: DEFAULT, passcode: await freshCode(eve, secret) } },
  };
  expect((await authenticate(server, at_once)).status).toBe(201);
  expect((await authenticate(server, at_once)).status).toBe(401);
  const sign_in = await server.ask("POST", "/session", { body: { name: "eve", password: TEST_PASSWORD } });
  expect(await sign_in.json()).toMatchObject({ status: 401, field: "passcode" });
  await server.administrator.client.call(endpoints.resetSecondFactor, { params: { id: eve.id } });
  expect((await authenticate(server, byPassword("eve"))).status).toBe(201);
});

test("a token keeps its project while there is a site in it for its user", async () => {
  const token = await tokenOf(server, "ada", "demo");
  await ada.client.call(endpoints.detachSite, { params: { id: project_id, site: "zed" } });
  expect((await askIdentity(server, "GET", "/v3/auth/catalog", { token })).status).toBe(401);
  expect((await authenticate(server, byPassword("ada"), inProject("demo"))).status).toBe(401);
});

const idAndSecret = ({ id, secret }: { id: string; secret: string }) => ({ id, secret });

/** A code that was not used: what the user's last one was is forgotten, so that no test waits for the next one. */
async function freshCode(user: TestUser, secret: string): Promise<string> {
  await server.database.pool.query("update totp_secrets set used_step = null where user_id = $1", [user.id]);
  return generate({ secret });
}
