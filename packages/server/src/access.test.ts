import { type AnyEndpoint, allEndpoints, type Discovery } from "@uniview/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serverBody, testGrant, testProject, testReading } from "./inventory/testing.ts";
import { startTestServer, type TestServer, type TestUser } from "./testing.ts";

const SITE = "theirs";
const JOB = "00000000-0000-4000-8000-000000000001";
const TOKEN = "00000000-0000-4000-8000-000000000002";

const PROJECT = "00000000000040008000000000000003";
const CREDENTIAL = "00000000000040008000000000000004";

const DISCOVERY: Discovery = {
  services: [],
  release: { label: "unknown", from: null, to: null, evidence: "made up" },
  limitations: [],
  regions: [],
  certificate_expires_at: null,
  discovered_at: "2026-11-22T12:00:00Z",
  took_ms: 0,
};

/** Bodies that the schemas take, so that an answer speaks of access and not of the body. */
const BODIES: Record<string, unknown> = {
  actOnServer: { action: "stop" },
  planMigration: { server: { site: SITE, id: "server-1" }, to: "mine" },
  attachSite: { site: "mine", project_id: "mine-demo" },
  createApplicationCredential: { name: "ci", project_id: PROJECT },
  startMigration: { server: { site: SITE, id: "server-1" }, to: "mine" },
};
/** Of what is planted as somebody else's, by the first segment of the path. */
const IDS: Record<string, string> = {
  jobs: JOB,
  tokens: TOKEN,
  projects: PROJECT,
  "application-credentials": CREDENTIAL,
};
const PARAMS: Record<string, string> = { name: SITE, site: SITE, kind: "servers" };

let server: TestServer;
let owner: TestUser;
let stranger: TestUser;

beforeAll(async () => {
  server = await startTestServer();
  owner = await server.user("owner");
  stranger = await server.user("stranger");
  const { database } = server;
  const principal = {
    user_id: owner.id,
    name: "owner",
    role: "user",
    via: "token",
    credential_id: TOKEN,
  } as const;
  const project = await testProject(database, SITE, "demo", principal);
  await testGrant(database, principal, project);
  const asking = { ...principal, user_id: stranger.id, name: "stranger" };
  await testGrant(database, asking, await testProject(database, "mine", "demo", asking));
  await database.kysely
    .updateTable("sites")
    .set({ discovery: JSON.stringify(DISCOVERY) })
    .execute();
  await testReading(database, project, "servers", [serverBody("web", { id: "server-1" })]);
  await database.pool.query(
    `insert into jobs (id, workflow, title, owner, labels, input, status)
     values ($1, 'cold-migration', 'Migrate', $2, $3, '{}', 'succeeded')`,
    [JOB, owner.id, { site: SITE, server_id: "server-1" }],
  );
  await database.kysely
    .insertInto("projects")
    .values({ id: PROJECT, name: "planted", created_by: null })
    .execute();
  await database.kysely
    .insertInto("project_sites")
    .values({ project_id: PROJECT, site_project_id: project.id })
    .execute();
  await database.kysely
    .insertInto("application_credentials")
    .values({
      id: CREDENTIAL,
      user_id: owner.id,
      project_id: PROJECT,
      name: "planted",
      description: null,
      secret_hash: "none",
      roles: "[]",
      expires_at: null,
      last_used_at: null,
    })
    .execute();
  await database.kysely
    .insertInto("api_tokens")
    .values({ id: TOKEN, user_id: owner.id, name: "planted", token_hash: Buffer.alloc(32) })
    .execute();
});
afterAll(() => server.close());

function pathOf(row: AnyEndpoint): string {
  const [, noun = ""] = row.path.split("/");
  const id = IDS[noun] ?? "server-1";
  return row.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => PARAMS[name] ?? id);
}

const ask = (row: AnyEndpoint, token?: string) =>
  server.ask(row.method, pathOf(row), {
    ...(token === undefined ? {} : { token }),
    ...(row.body ? { body: BODIES[row.id] ?? {} } : {}),
  });

const closed = allEndpoints.filter((row) => row.access !== "none");

test.each(closed.map((row) => [row.id, row] as const))(
  "nobody gets %s without signing in",
  async (_, row) => {
    const answer = await ask(row);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ type: expect.stringMatching(/\/not-signed-in$/) });
  },
);

test.each(closed.map((row) => [row.id, row] as const))("a made-up token does not open %s", async (_, row) => {
  expect((await ask(row, "uvt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).status).toBe(401);
});

const forAdministrators = allEndpoints.filter((row) => row.access === "administrator");

test.each(forAdministrators.map((row) => [row.id, row] as const))(
  "a user who is no administrator does not get %s",
  async (_, row) => {
    const answer = await ask(row, stranger.token);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ type: expect.stringMatching(/\/not-allowed$/) });
  },
);

/** Whatever names a site, a job or a token: somebody else's is as if it were not there. */
const aboutOne = allEndpoints.filter(
  (row) => row.access === "user" && (row.path.includes("{") || row.id in BODIES),
);

test.each(aboutOne.map((row) => [row.id, row] as const))(
  "what is somebody else's is not there for %s",
  async (_, row) => {
    const answer = await ask(row, stranger.token);
    expect(await answer.json()).toMatchObject({ status: 404 });
  },
);

/** The audit log tells what somebody tried themselves, so it names these paths: audit.test.ts looks at it. */
const OF_ONESELF: readonly string[] = ["getSession", "listAudit"];
const lists = allEndpoints.filter(
  (row) =>
    row.access === "user" && row.method === "GET" && !row.path.includes("{") && !OF_ONESELF.includes(row.id),
);

test.each(lists.map((row) => [row.id, row] as const))("%s shows nothing of somebody else", async (_, row) => {
  const answer = await ask(row, stranger.token);
  const text = await answer.text();
  expect(answer.status).toBe(200);
  expect(text).not.toContain(SITE);
  expect(text).not.toContain("planted");
});

test("the owner does see the site, and the list of those who may is only for administrators", async () => {
  const mine = await server.ask("GET", `/sites/${SITE}`, { token: owner.token });
  expect(mine.status).toBe(200);
  const grants = await server.ask("GET", `/sites/${SITE}/grants`, { token: server.administrator.token });
  expect(await grants.json()).toMatchObject({ items: [{ user_name: "owner", site: SITE }] });
});

test("every endpoint of the contract is answered by somebody", async () => {
  for (const row of closed) {
    const answer = await ask(row, server.administrator.token);
    const problem = answer.status === 404 ? await answer.text() : "";
    expect(problem, row.id).not.toContain("/api/docs for what there is");
  }
});
