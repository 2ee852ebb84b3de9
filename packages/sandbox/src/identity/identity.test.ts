import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../options.ts";
import { openSite, SiteClient } from "../testing/site-client.ts";

let site: Sandbox & AsyncDisposable;
let demo: SiteClient;

beforeAll(async () => {
  site = await openSite();
  demo = await SiteClient.signIn(site);
});
afterAll(() => site[Symbol.asyncDispose]());

test("the version document comes without a token, as 300 at the root and 200 below v3", async () => {
  const root = await fetch(site.auth_url.replace("/v3", "/"), { redirect: "manual" });
  expect(root.status).toBe(300);
  expect(await root.json()).toMatchObject({ versions: { values: [{ id: "v3.14", status: "stable" }] } });
  const v3 = await fetch(site.auth_url);
  expect(await v3.json()).toMatchObject({ version: { id: "v3.14" } });
});

test("a wrong password is a 401 in Keystone's words, with a request id", async () => {
  await expect(SiteClient.signIn(site, "demo", "wrong")).rejects.toThrow(
    '401 {"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}',
  );
});

test("a token lists the catalog with region, region_id and the project in the volume URL", async () => {
  const answer = await demo.ask("GET", "identity", "/auth/tokens", {
    headers: { "x-subject-token": demo.token },
  });
  expect(answer.headers.get("x-openstack-request-id")).toMatch(/^req-/);
  const token = answer.body["token"] as {
    catalog: Array<{ type: string; endpoints: unknown[] }>;
    roles: unknown[];
  };
  expect(token.roles).toMatchObject([{ name: "reader" }, { name: "member" }]);
  expect(token.catalog.find((row) => row.type === "volumev3")?.endpoints).toContainEqual(
    expect.objectContaining({
      interface: "public",
      region: "here",
      region_id: "here",
      url: `${site.url}/volume/v3/${demo.project_id}`,
    }),
  );
});

test("an application credential signs in scoped to its project, and cannot make another one", async () => {
  const path = `/users/${demo.user_id}/application_credentials`;
  const made = await demo.create("identity", path, "application_credential", {
    application_credential: { name: "one" },
  });
  const application_credential = { id: made["id"], secret: made["secret"] };
  const auth = { identity: { methods: ["application_credential"], application_credential } };
  const robot = await SiteClient.withAuth(site, auth);
  expect(robot.project_id).toBe(demo.project_id);
  const again = await robot.ask("POST", "identity", path, {
    json: { application_credential: { name: "two" } },
  });
  expect(again.status).toBe(403);
  const twice = await demo.ask("POST", "identity", path, {
    json: { application_credential: { name: "one" } },
  });
  expect(twice.status).toBe(409);

  expect((await demo.ask("DELETE", "identity", `${path}/${made["id"]}`)).status).toBe(204);
  await expect(SiteClient.withAuth(site, auth)).rejects.toThrow("sign-in: 404");
  expect((await robot.ask("GET", "compute", "/servers")).status).toBe(401);
});

test("a site may forbid application credentials", async () => {
  await using strict = await openSite({ forbid_application_credentials: true });
  const member = await SiteClient.signIn(strict);
  const path = `/users/${member.user_id}/application_credentials`;
  const answer = await member.ask("POST", "identity", path, {
    json: { application_credential: { name: "x" } },
  });
  expect(answer).toMatchObject({ status: 403, body: { error: { title: "Forbidden" } } });
});

test("a token without project comes of `unscoped`, and a token of a token stays in its time", async () => {
  const unscoped = await SiteClient.withAuth(site, {
    identity: { methods: ["token"], token: { id: demo.token } },
    scope: { unscoped: {} },
  });
  expect(unscoped.project_id).toBe("");
  const projects = await unscoped.list("identity", "/auth/projects", "projects");
  expect(projects).toMatchObject([{ name: "demo", domain_id: "default" }]);
});

test("members may not list all projects, administrators may", async () => {
  const admin = await SiteClient.admin(site);
  expect((await demo.ask("GET", "identity", "/projects")).status).toBe(403);
  expect((await admin.list("identity", "/projects", "projects")).length).toBe(2);
});

test("a deleted token is no token", async () => {
  const other = await SiteClient.signIn(site);
  const headers = { "x-subject-token": other.token };
  expect((await other.ask("DELETE", "identity", "/auth/tokens", { headers })).status).toBe(204);
  const answer = await other.ask("GET", "compute", "/servers");
  expect(answer.status).toBe(401);
  expect(answer.headers.get("www-authenticate")).toBe(`Keystone uri="${site.auth_url}"`);
});
