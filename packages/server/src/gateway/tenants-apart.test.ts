import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { endpoints } from "@uniview/api";
import { type Sandbox, startSandbox } from "@uniview/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer, type TestUser } from "../testing.ts";
import { authenticate, byPassword, inProject, join } from "./testing.ts";

// Bob, with a good token of his own project, tries everything that the gateway answers for what is Ada's. The routes
// are those of the app itself, so a new one cannot be forgotten: one that this test has no words for fails it.

/** What Uniview calls Ada's site: a word that stands nowhere else. */
const SITE = "adas-site";
/** fetch() has no way to send these. */
const NOT_SENT: ReadonlySet<string> = new Set(["TRACE", "CONNECT"]);
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const SERVICES = [
  "compute",
  "volumev3",
  "block-storage",
  "image",
  "network",
  "placement",
  "object-store",
  "dns",
];

let server: TestServer;
let ada: TestUser;
let bob: TestUser;
let dir: string;
let zed: Sandbox;
let epoxy: Sandbox;
/** Tokens. */
let adas: string;
let bobs: string;
/** What is Ada's, by the name of the parameter that it goes into. */
let hers: {
  user_id: string;
  project: string;
  credential: string;
  rule: string;
  servers: string[];
  token: string;
};

beforeAll(async () => {
  dir = await mkdtemp(joinPath(tmpdir(), "uniview-apart-"));
  const open = (name: string, release: "zed" | "2025.1", seed: "demo" | "empty") =>
    startSandbox({ name, release, dir: joinPath(dir, name), seed, disk_bytes_per_gib: 65_536 });
  [server, zed, epoxy] = await Promise.all([
    startTestServer(),
    open("zed", "zed", "demo"),
    open("epoxy", "2025.1", "empty"),
  ]);
  [ada, bob] = await Promise.all([server.user("ada"), server.user("bob")]);
  // both projects are called demo at their sites: in Uniview that is one name, and still they must not meet
  await Promise.all([join(ada, zed, SITE), join(bob, epoxy, "epoxy")]);
  adas = await tokenIn("ada");
  bobs = await tokenIn("bob");
  const [project] = (await ada.client.call(endpoints.listProjects)).items;
  const made = await ada.client.call(endpoints.createApplicationCredential, {
    body: {
      name: "adas-credential",
      project_id: project?.id ?? "",
      access_rules: [{ service: "compute", method: "GET", path: "/v2.1/adas-rule" }],
    },
  });
  const rules = await get(`/identity/v3/users/${idOf(ada)}/access_rules`, adas);
  const [rule] = ((await rules.json()) as { access_rules: { id: string }[] }).access_rules;
  const listed = await get(`/openstack/${SITE}/compute/v2.1/servers`, adas);
  const { servers } = (await listed.json()) as { servers: { id: string }[] };
  hers = {
    user_id: idOf(ada),
    project: project?.id ?? "",
    credential: made.id,
    rule: rule?.id ?? "",
    servers: servers.map((one) => one.id),
    token: adas,
  };
});
afterAll(async () => {
  await server.close();
  await Promise.all([zed.close(), epoxy.close()]);
  await rm(dir, { recursive: true, force: true });
});

const idOf = (user: TestUser) => user.id.replaceAll("-", "");
const tokenIn = async (name: string) => {
  const answer = await authenticate(server, byPassword(name), inProject("demo"));
  return answer.headers.get("x-subject-token") ?? "";
};
const ask = (method: string, path: string, token: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, {
    method,
    headers: {
      "x-auth-token": token,
      ...(["POST", "PUT", "PATCH"].includes(method) ? { "content-type": "application/json" } : {}),
      ...headers,
    },
    ...(["POST", "PUT", "PATCH"].includes(method) ? { body: "{}" } : {}),
  });
const get = (path: string, token: string) => ask("GET", path, token);

/** Words that only Ada may read. The project's id is the same for both, as is its name: it is a name and no more. */
const secretsOf = () => [
  hers.user_id,
  hers.credential,
  "adas-credential",
  "adas-rule",
  hers.rule,
  SITE,
  ...hers.servers,
];

/** What Bob asked for by name is no news to him. */
function mustNotTell(path: string, text: string): void {
  for (const word of secretsOf()) {
    if (!path.includes(word)) expect(text.includes(word), `${path} tells ${word}`).toBe(false);
  }
}

/** An id of Ada's for each parameter of the identity's paths. */
function withHers(url: string): string | undefined {
  const filled = url
    .replace("/users/:user_id", `/users/${hers.user_id}`)
    .replace("/application_credentials/:id", `/application_credentials/${hers.credential}`)
    .replace("/access_rules/:id", `/access_rules/${hers.rule}`)
    .replace("/users/:id", `/users/${hers.user_id}`)
    .replace("/regions/:id", `/regions/${SITE}`);
  return filled.includes(":") ? undefined : filled;
}

/** Lists and documents that everybody has, with what is their own in them. */
const OPEN_TO_ALL =
  /^\/identity(\/|\/v3\/?|\/v3\/(auth\/.*|projects|users|domains|roles|regions|services|endpoints))?$/;
/** Ids of these are the same for everybody, because they say nothing of anybody. */
const THE_SAME_FOR_ALL = /^\/identity\/v3\/(projects|domains|roles|services|endpoints)\/:id$/;

test("there are servers of Ada's to ask for, and Ada gets them", async () => {
  expect(hers.servers.length).toBeGreaterThan(0);
  const answer = await get(`/openstack/${SITE}/compute/v2.1/servers/${hers.servers[0]}`, adas);
  expect(answer.status).toBe(200);
});

test("no path of the identity tells Bob anything of Ada's, or lets him change it", async () => {
  const routes = server.routes.filter(({ url }) => url.startsWith("/identity"));
  expect(routes.length).toBeGreaterThan(20);
  for (const { methods, url } of routes) {
    for (const method of methods) {
      if (THE_SAME_FOR_ALL.test(url) || NOT_SENT.has(method)) continue;
      const path = url.endsWith("*") ? "/identity/v3/groups" : withHers(url);
      expect(path, `${url}: say in this test what of Ada's goes into it`).toBeDefined();
      const headers = url.endsWith("/auth/tokens") ? { "x-subject-token": adas } : {};
      const answer = await ask(method, path ?? "", bobs, headers);
      mustNotTell(`${method} ${path}`, await answer.text());
      if (!OPEN_TO_ALL.test(path ?? "") || Object.keys(headers).length > 0) {
        expect([400, 401, 403, 404], `${method} ${path}`).toContain(answer.status);
      }
    }
  }
});

test("no path of Ada's site is there for Bob, with any method, of any service", async () => {
  const proxied = server.routes.filter(({ url }) => url.startsWith("/openstack"));
  expect(proxied.length).toBeGreaterThan(0);
  const methods = new Set([...proxied.flatMap((route) => route.methods), ...METHODS]);
  for (const method of methods) {
    for (const service of SERVICES) {
      for (const path of [
        `/openstack/${SITE}/${service}/v2.1/servers`,
        `/openstack/${SITE}/${service}/v2/images/x/file`,
      ]) {
        if (NOT_SENT.has(method)) continue;
        const answer = await ask(method, path, bobs);
        expect(answer.status, `${method} ${path}`).toBe(404);
        mustNotTell(`${method} ${path}`, await answer.text());
      }
    }
  }
});

test("at the region of all sites Ada's things are not there for Bob", async () => {
  const lists = [
    "compute/v2.1/servers",
    "compute/v2.1/servers/detail",
    "compute/v2.1/os-keypairs",
    `volumev3/v3/${hers.project}/volumes/detail`,
    "image/v2/images",
    "network/v2.0/networks",
    "network/v2.0/ports",
    "network/v2.0/security-groups",
  ];
  for (const list of lists) {
    const answer = await get(`/openstack/global/${list}`, bobs);
    expect(answer.status, list).toBe(200);
    mustNotTell(list, await answer.text());
    mustNotTell(list, answer.headers.get("openstack-uniview-missing") ?? "");
  }
  for (const id of hers.servers) {
    for (const method of ["GET", "PUT", "DELETE"]) {
      const answer = await ask(method, `/openstack/global/compute/v2.1/servers/${id}`, bobs);
      expect(answer.status, `${method} ${id}`).toBe(404);
    }
    const acted = await ask("POST", `/openstack/global/compute/v2.1/servers/${id}/action`, bobs);
    expect(acted.status).toBe(404);
  }
  const after = await get(`/openstack/${SITE}/compute/v2.1/servers`, adas);
  const { servers } = (await after.json()) as { servers: { id: string }[] };
  expect(servers.map((one) => one.id).toSorted()).toEqual(hers.servers.toSorted());
});

test("without a token, with a made-up one and with an API token nothing but version documents is there", async () => {
  for (const token of ["", `uvg_${"A".repeat(43)}`, bob.token]) {
    for (const path of [
      "/identity/v3/projects",
      "/identity/v3/auth/catalog",
      `/identity/v3/users/${hers.user_id}/application_credentials`,
      `/openstack/${SITE}/compute/v2.1/servers`,
      "/openstack/global/compute/v2.1/servers",
    ]) {
      const answer = await get(path, token);
      expect(answer.status, path).toBe(401);
    }
  }
});
