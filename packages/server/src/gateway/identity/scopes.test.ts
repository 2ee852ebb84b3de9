import { endpoints } from "@uniview/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testGrant, testProject } from "../../inventory/testing.ts";
import { startTestServer, type TestServer, type TestUser } from "../../testing.ts";
import { askIdentity, authenticate, byPassword, DEFAULT, inProject } from "../testing.ts";

let server: TestServer;
let ada: TestUser;
let bob: TestUser;

/** A project over one site that this user may use; no site is asked for any of what is tested here. */
async function plantProject(user: TestUser, site: string, name: string): Promise<string> {
  const { database } = server;
  const asking = {
    user_id: user.id,
    name: user.name,
    role: "user",
    via: "token",
    credential_id: user.id,
  } as const;
  const joined = await testProject(database, site, name, asking);
  await testGrant(database, asking, joined);
  const { id } = await database.kysely
    .insertInto("projects")
    .values({ name, created_by: null })
    .returning("id")
    .executeTakeFirstOrThrow();
  await database.kysely
    .insertInto("project_sites")
    .values({ project_id: id, site_project_id: joined.id })
    .execute();
  await database.kysely
    .insertInto("site_catalogs")
    .values({ site_project_id: joined.id, catalog: "[]" })
    .execute();
  return id;
}

let adas: string;
let bobs: string;

beforeAll(async () => {
  server = await startTestServer();
  [ada, bob] = await Promise.all([server.user("ada"), server.user("bob")]);
  [adas, bobs] = [await plantProject(ada, "zed", "adas"), await plantProject(bob, "epoxy", "bobs")];
});
afterAll(() => server.close());

interface Said {
  token: {
    methods: string[];
    audit_ids: string[];
    expires_at: string;
    project?: { id: string };
    domain?: object;
    catalog?: object[];
    roles?: { name: string }[];
  };
}
const said = async (answer: Response) => ((await answer.json()) as Said).token;
const secretOf = (answer: Response) => answer.headers.get("x-subject-token") ?? "";
/** What was read of a token is believed for two seconds where nothing tells the server otherwise. */
const SOON = { timeout: 10_000 };
const statusOf = async (token: string) =>
  (await askIdentity(server, "GET", "/v3/auth/catalog", { token })).status;
const byToken = (id: string) => ({ methods: ["token"], token: { id } });

test("without a scope a token knows the user only, and finds the projects to choose from", async () => {
  for (const scope of [undefined, "unscoped", { unscoped: {} }] as const) {
    const answer = await authenticate(server, byPassword("ada"), scope);
    const token = await said(answer);
    expect([token.project, token.catalog, token.roles]).toEqual([undefined, undefined, undefined]);
    const mine = await askIdentity(server, "GET", "/v3/auth/projects", { token: secretOf(answer) });
    expect(await mine.json()).toMatchObject({ projects: [{ id: adas, name: "adas", domain_id: "default" }] });
  }
});

test("a project is named by its id, or by its name and domain", async () => {
  const scopes = [
    { project: { id: adas } },
    { project: { name: "adas", domain: { id: "default" } } },
    { project: { name: "adas", domain: { name: "Default" } } },
  ];
  for (const scope of scopes) {
    expect((await said(await authenticate(server, byPassword("ada"), scope))).project).toMatchObject({
      id: adas,
    });
  }
});

test("a user is named by id, too", async () => {
  const user = { id: ada.id.replaceAll("-", ""), password: byPassword("ada").password.user.password };
  const answer = await authenticate(server, { methods: ["password"], password: { user } });
  expect(answer.status).toBe(201);
});

test("nocatalog leaves the catalog out", async () => {
  const answer = await authenticate(server, byPassword("ada"), inProject("adas"), "?nocatalog");
  expect((await said(answer)).catalog).toBeUndefined();
  const token = secretOf(answer);
  const shown = await askIdentity(server, "GET", "/v3/auth/tokens?nocatalog", {
    token,
    headers: { "x-subject-token": token },
  });
  expect((await said(shown)).catalog).toBeUndefined();
});

test("a token is exchanged for one of another scope, which ends with the first", async () => {
  const first = await authenticate(server, byPassword("ada"));
  const unscoped = await said(first);
  const answer = await authenticate(server, byToken(secretOf(first)), inProject("adas"));
  const token = await said(answer);
  expect(token).toMatchObject({ project: { id: adas }, methods: ["password", "token"] });
  expect(token.audit_ids).toEqual([expect.any(String), unscoped.audit_ids[0]]);
  expect(Date.parse(token.expires_at)).toBeLessThanOrEqual(Date.parse(unscoped.expires_at));
  const back = await authenticate(server, byToken(secretOf(answer)), "unscoped");
  expect((await said(back)).project).toBeUndefined();
});

test("the domain is for administrators; nobody has the system", async () => {
  expect((await authenticate(server, byPassword("ada"), { domain: DEFAULT })).status).toBe(401);
  const answer = await authenticate(server, byPassword("root"), { domain: DEFAULT });
  expect(await said(answer)).toMatchObject({ domain: { id: "default" }, roles: [{ name: "admin" }, {}, {}] });
  expect((await authenticate(server, byPassword("root"), { system: { all: true } })).status).toBe(401);
});

test("what is wrong with a sign-in is not told", async () => {
  const answers = await Promise.all([
    authenticate(server, byPassword("ada", "wrong password")),
    authenticate(server, byPassword("nobody")),
    authenticate(server, byPassword("ada"), inProject("bobs")),
    authenticate(server, byPassword("ada"), { project: { id: bobs } }),
    authenticate(server, byPassword("ada"), inProject("nothing")),
    authenticate(server, byToken("uvg_made-up")),
    authenticate(server, {
      methods: ["password"],
      password: { user: { name: "ada", domain: { name: "Other" }, password: "correct horse battery" } },
    }),
  ]);
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  expect(new Set(texts).size).toBe(1);
  expect(JSON.parse(texts[0] ?? "")).toEqual({
    error: {
      code: 401,
      title: "Unauthorized",
      message: "The request you have made requires authentication.",
    },
  });
  expect(answers[0]?.headers.get("www-authenticate")).toBe(`Keystone uri="${server.url}/identity"`);
});

test("a body that is none, lacks a method or names an unknown one is told so without its values", async () => {
  for (const body of [{}, { auth: {} }, { auth: { identity: { methods: ["password"] } } }, "x"]) {
    const answer = await askIdentity(server, "POST", "/v3/auth/tokens", { body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 400, title: "Bad Request" } });
  }
  expect((await authenticate(server, { methods: ["saml2"] })).status).toBe(401);
});

test("a token is shown by GET, asked for by HEAD, and gone after DELETE, at once", async () => {
  const answer = await authenticate(server, byPassword("ada"), inProject("adas"));
  const token = secretOf(answer);
  const headers = { "x-subject-token": token };
  const shown = await askIdentity(server, "GET", "/v3/auth/tokens", { token, headers });
  expect(shown.headers.get("x-subject-token")).toBe(token);
  expect(await said(shown)).toEqual(await said(answer));
  const head = await askIdentity(server, "HEAD", "/v3/auth/tokens", { token, headers });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  expect((await askIdentity(server, "DELETE", "/v3/auth/tokens", { token, headers })).status).toBe(204);
  expect((await askIdentity(server, "GET", "/v3/auth/tokens", { token, headers })).status).toBe(401);
});

test("somebody else's token is as if it were not there, but an administrator may revoke it", async () => {
  const mine = secretOf(await authenticate(server, byPassword("ada"), inProject("adas")));
  const theirs = secretOf(await authenticate(server, byPassword("bob"), inProject("bobs")));
  const headers = { "x-subject-token": theirs };
  for (const method of ["GET", "HEAD", "DELETE"]) {
    expect((await askIdentity(server, method, "/v3/auth/tokens", { token: mine, headers })).status).toBe(404);
  }
  const root = secretOf(await authenticate(server, byPassword("root")));
  expect((await askIdentity(server, "DELETE", "/v3/auth/tokens", { token: root, headers })).status).toBe(204);
  expect((await askIdentity(server, "GET", "/v3/auth/catalog", { token: theirs })).status).toBe(401);
});

test("only hashes of tokens are stored, and a token that has ended is refused", async () => {
  const secret = secretOf(await authenticate(server, byPassword("ada"), inProject("adas")));
  const { rows } = await server.database.pool.query("select gateway_tokens::text as row from gateway_tokens");
  expect(JSON.stringify(rows)).not.toContain(secret.slice("uvg_".length));
  await server.database.pool.query(
    "update gateway_tokens set expires_at = now() - interval '1 second' where user_id = $1",
    [ada.id],
  );
  await expect.poll(() => statusOf(secret), SOON).toBe(401);
});

test("whoever loses their last grant in a project loses its tokens", async () => {
  const eve = await server.user("eve");
  await plantProject(eve, "eves", "eves");
  const token = secretOf(await authenticate(server, byPassword("eve"), inProject("eves")));
  await server.database.pool.query("delete from grants where user_id = $1", [eve.id]);
  await expect.poll(() => statusOf(token), SOON).toBe(401);
  expect((await authenticate(server, byPassword("eve"), inProject("eves"))).status).toBe(401);
});

test("the lists of Keystone show what is one's own, filtered and one by one", async () => {
  const token = secretOf(await authenticate(server, byPassword("ada"), inProject("adas")));
  const get = async (path: string) => {
    const answer = await askIdentity(server, "GET", `/v3${path}`, { token });
    return answer.status === 200 ? answer.json() : answer.status;
  };
  const user = ada.id.replaceAll("-", "");
  expect(await get("/projects?name=adas")).toMatchObject({ projects: [{ id: adas }] });
  expect(await get("/projects?name=bobs")).toMatchObject({ projects: [] });
  expect(await get(`/projects/${adas}`)).toMatchObject({ project: { name: "adas", enabled: true } });
  expect(await get(`/projects/${bobs}`)).toBe(404);
  expect(await get("/users")).toMatchObject({ users: [{ id: user, name: "ada" }] });
  expect(await get(`/users/${user}`)).toMatchObject({ user: { name: "ada" } });
  expect(await get(`/users/${bob.id.replaceAll("-", "")}`)).toBe(404);
  expect(await get(`/users/${user}/projects`)).toMatchObject({ projects: [{ id: adas }] });
  expect(await get(`/users/${bob.id.replaceAll("-", "")}/projects`)).toBe(403);
  expect(await get("/auth/domains")).toMatchObject({ domains: [] });
  expect(await get("/auth/system")).toMatchObject({ system: [] });
  expect(await get("/regions")).toMatchObject({ regions: [{ id: "global" }, { id: "zed" }] });
  expect(await get("/regions/zed")).toMatchObject({ region: { id: "zed" } });
  expect(await get("/services?type=identity")).toMatchObject({ services: [{ name: "keystone" }] });
  expect(await get("/endpoints?interface=public&region_id=zed")).toMatchObject({
    endpoints: [{ url: `${server.url}/identity` }],
  });
  expect(await get("/domains/default")).toMatchObject({ domain: { name: "Default" } });
  expect(await get("/roles?name=member")).toMatchObject({ roles: [{ name: "member" }] });
  expect(await get("/nothing")).toBe(404);
});

test("after ten wrong passwords the name has to wait, and is told how long", async () => {
  await server.user("mallory");
  // all at once: on a slow machine the first one would be forgiven before the last
  const guesses = Array.from({ length: 11 }, (_, number) => `guess ${number}`);
  const tries = await Promise.all(guesses.map((guess) => authenticate(server, byPassword("mallory", guess))));
  const refused = tries.filter((one) => one.status === 429);
  expect(tries.filter((one) => one.status === 401)).toHaveLength(10);
  expect(refused).toHaveLength(1);
  expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await refused[0]?.json()).toMatchObject({ error: { code: 429, title: "Too Many Requests" } });
  for (let number = 0; number < 12; number += 1) {
    expect((await authenticate(server, byPassword("bob"))).status).toBe(201);
  }
  const { items } = await server.administrator.client.call(endpoints.listAudit, { query: { limit: 5 } });
  expect(JSON.stringify(items)).not.toContain("guess");
});
