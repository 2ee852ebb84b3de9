import { afterEach, expect, test } from "vitest";
import { catalogEntry, tokenReply } from "../../test/keystone-stub.ts";
import { type StubSite, stubSite } from "../../test/stub-site.ts";
import type { Auth } from "./credentials.ts";
import { createSession } from "./session.ts";

let stub: StubSite | undefined;

afterEach(async () => await stub?.[Symbol.asyncDispose]());

/** Signs in and returns what Keystone was sent. */
async function sentFor(auth: Auth): Promise<unknown> {
  stub = await stubSite({
    "POST /v3/auth/tokens": tokenReply(),
    "GET /v3/auth/tokens": { ...tokenReply(), status: 200 },
  });
  const session = createSession({ auth_url: `${stub.url}/v3`, auth });
  await session.token();
  await session.close();
  return JSON.parse(stub.requests.at(-1)?.body.toString() || "null");
}

test("a password with names gets the default domain where none is given", async () => {
  expect(await sentFor({ type: "password", username: "demo", password: "s", project_name: "web" })).toEqual({
    auth: {
      identity: {
        methods: ["password"],
        password: { user: { name: "demo", domain: { id: "default" }, password: "s" } },
      },
      scope: { project: { name: "web", domain: { id: "default" } } },
    },
  });
});

test("a project is in its user's domain unless said otherwise", async () => {
  const auth = {
    type: "password",
    username: "u",
    password: "s",
    project_name: "p",
    user_domain_name: "corp",
  } as const;
  expect(await sentFor(auth)).toMatchObject({ auth: { scope: { project: { domain: { name: "corp" } } } } });
  expect(await sentFor({ ...auth, project_domain_id: "d2" })).toMatchObject({
    auth: { scope: { project: { domain: { id: "d2" } } } },
  });
});

test("ids need no domains", async () => {
  expect(await sentFor({ type: "password", user_id: "u1", password: "s", project_id: "p1" })).toEqual({
    auth: {
      identity: { methods: ["password"], password: { user: { id: "u1", password: "s" } } },
      scope: { project: { id: "p1" } },
    },
  });
});

test("an application credential asks for no scope", async () => {
  expect(await sentFor({ type: "application_credential", id: "c1", secret: "s" })).toEqual({
    auth: {
      identity: { methods: ["application_credential"], application_credential: { id: "c1", secret: "s" } },
    },
  });
  expect(
    await sentFor({ type: "application_credential", name: "c", username: "u", secret: "s" }),
  ).toMatchObject({
    auth: {
      identity: { application_credential: { name: "c", user: { name: "u", domain: { id: "default" } } } },
    },
  });
});

test("a token is exchanged for one of the project, or used as it is", async () => {
  expect(await sentFor({ type: "token", token: "t", project_id: "p1" })).toEqual({
    auth: { identity: { methods: ["token"], token: { id: "t" } }, scope: { project: { id: "p1" } } },
  });
  expect(await sentFor({ type: "token", token: "t" })).toBeNull();
  expect(stub?.requests.at(-1)?.headers["x-subject-token"]).toBe("t");
});

/** The error of signing in at a server that answers so. */
async function refusalOf(on: StubSite["on"], auth_path = "/v3"): Promise<unknown> {
  stub = await stubSite(on);
  const auth = { type: "password", username: "demo", password: "hunter2", project_name: "demo" } as const;
  const session = createSession({ auth_url: `${stub.url}${auth_path}`, auth });
  const error = await session.token().catch((reason: unknown) => reason);
  await session.close();
  return error;
}

test("a wrong password is said to be so, without repeating it", async () => {
  const error = await refusalOf({
    "POST /v3/auth/tokens": {
      status: 401,
      json: { error: { message: "The request you have made requires authentication." } },
    },
  });
  expect(error).toMatchObject({ status: 401, request_id: "req-stub", retryable: false });
  expect(String(error)).toContain("Check user name, password");
  expect(JSON.stringify(error) + String(error)).not.toContain("hunter2");
});

test("what Keystone tells beyond the usual is passed on", async () => {
  const message = "The password is expired and needs to be changed for user: u1.";
  const error = await refusalOf({ "POST /v3/auth/tokens": { status: 401, json: { error: { message } } } });
  expect(String(error)).toContain("It says: The password is expired");
});

test.each<[string, StubSite["on"], string]>([
  ["a web server", { "POST /v3/auth/tokens": { status: 405, text: "<html>no</html>" } }, "/v3"],
  ["a web server that takes anything", { "POST /v3/auth/tokens": { text: "<html>hi</html>" } }, "/v3"],
  ["another API", { "POST /v3/auth/tokens": { json: { hello: "world" } } }, "/v3"],
  ["Nova", { "POST /v3/auth/tokens": { status: 300, json: { choices: [] } } }, "/v3"],
  ["another API without version", { "GET /": { json: { hello: "world" } } }, "/"],
  ["an old Keystone", { "GET /": { json: { versions: { values: [{ id: "v2.0" }] } } } }, "/v2.0"],
])("%s is not taken for Keystone", async (_, on, path) => {
  const error = await refusalOf(on, path);
  expect(error).toMatchObject({ kind: "not_openstack" });
});

test("Keystone that is away for a moment is not called something else", async () => {
  const busy = { status: 503, headers: { "retry-after": "3600" }, text: "<html>busy</html>" };
  expect(await refusalOf({ "POST /v3/auth/tokens": busy })).toMatchObject({ status: 503, retryable: true });
});

test("an auth_url that is none is refused by name", async () => {
  const session = createSession({ auth_url: "cloud.example:5000", auth: { type: "token", token: "t" } });
  await expect(session.token()).rejects.toThrow("auth_url 'cloud.example:5000' is not a URL");
});

test("regions, interfaces and missing services are told apart", async () => {
  stub = await stubSite();
  const { url } = stub;
  const two = [catalogEntry("compute", `${url}/a/v2.1`, "a"), catalogEntry("compute", `${url}/b/v2.1`, "b")];
  const catalog = [...two, catalogEntry("volumev3", `${url}/volume/v3`, "a")];
  stub.on["POST /v3/auth/tokens"] = tokenReply({ catalog });
  const auth = { type: "password", username: "demo", password: "s", project_name: "demo" } as const;
  const at = (more: object) => createSession({ auth_url: `${url}/v3`, auth, ...more });
  await expect(at({}).service("compute")).rejects.toThrow(
    "several regions (a, b). Name one of them as region_name",
  );
  expect((await at({ region_name: "b" }).service("compute")).endpoint).toBe(`${url}/b/v2.1`);
  await expect(at({ region_name: "c" }).service("compute")).rejects.toThrow(
    "in region 'c'. Its regions: a, b.",
  );
  await expect(at({ region_name: "a" }).service("image")).rejects.toThrow(
    "no image service. It has: compute",
  );
  const internal = at({ region_name: "a", interface: "internal" });
  await expect(internal.service("compute")).rejects.toThrow("no internal endpoint for compute, only public");
  expect((await at({ region_name: "a" }).service("block-storage")).endpoint).toBe(`${url}/volume/v3`);
});

test("an application credential that is gone is refused like any other, not taken for a wrong auth_url", async () => {
  const message = "Could not find Application Credential: c1.";
  const gone = { status: 404, json: { error: { code: 404, message, title: "Not Found" } } };
  stub = await stubSite({ "POST /v3/auth/tokens": gone });
  const auth = { type: "application_credential", id: "c1", secret: "s" } as const;
  const session = createSession({ auth_url: `${stub.url}/v3`, auth });
  const error = await session.token().catch((reason: unknown) => reason);
  await session.close();
  expect(error).toMatchObject({ name: "OpenStackError", status: 401, retryable: false });
  expect(String(error)).toContain(`Check id and secret, and that it still exists. It says: ${message}`);
});
