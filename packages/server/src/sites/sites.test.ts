import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CloudEntryInput, endpoints, pickCloud, readCloudsYaml } from "@uniview/api";
import { collect, createSession } from "@uniview/openstack";
import {
  createApplicationCredential,
  listApplicationCredentials,
} from "@uniview/openstack/identity/application-credentials";
import { type Sandbox, type SandboxOptions, startSandbox } from "@uniview/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serverBody, testReading } from "../inventory/testing.ts";
import { startTestServer, type TestServer, type TestUser } from "../testing.ts";
import { readCloud } from "./cloud-credentials.ts";
import { EXPIRED_CERTIFICATE } from "./expired-certificate.testing.ts";

let server: TestServer;
let ada: TestUser;
let dir: string;
let zed: Sandbox;
const opened: Sandbox[] = [];

const open = async (name: string, options: Partial<SandboxOptions> = {}) => {
  const sandbox = await startSandbox({
    name,
    release: "zed",
    dir: join(dir, name),
    seed: "empty",
    ...options,
  });
  opened.push(sandbox);
  return sandbox;
};

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "uniview-sites-"));
  [server, zed] = await Promise.all([startTestServer(), open("zed")]);
  ada = await server.user("ada");
});
afterAll(async () => {
  await server.close();
  await Promise.all(opened.map((sandbox) => sandbox.close()));
  await rm(dir, { recursive: true, force: true });
});

const cloudOf = (sandbox: Sandbox): CloudEntryInput =>
  pickCloud(readCloudsYaml(sandbox.clouds_yaml), sandbox.name).cloud;
const add = (user: TestUser, name: string, cloud: CloudEntryInput) =>
  user.client.call(endpoints.addSite, { body: { name, cloud } });
const remove = (user: TestUser, name: string, force: "true" | "false" = "false") =>
  user.client.call(endpoints.removeSite, { params: { name }, query: { force } });

/** What the site's own user sees there. */
async function atSite<T>(
  sandbox: Sandbox,
  look: (session: ReturnType<typeof createSession>) => Promise<T>,
): Promise<T> {
  const { cloud } = pickCloud(readCloudsYaml(sandbox.clouds_yaml), sandbox.name);
  const session = createSession(readCloud(cloud));
  try {
    return await look(session);
  } finally {
    await session.close();
  }
}

const credentialsAt = (sandbox: Sandbox) =>
  atSite(sandbox, async (session) => {
    const { user } = await session.token();
    const all = await collect(listApplicationCredentials(await session.service("identity"), user.id));
    return all.map((one) => one.name);
  });

test("joining finds every service and keeps a credential of its own; leaving takes it away", async () => {
  const site = await add(ada, "zed", cloudOf(zed));
  expect(site).toMatchObject({
    state: "fresh",
    region_name: "zed",
    discovery: { release: { label: "Zed", from: "Zed", to: "Zed" } },
    projects: [{ name: "demo", credential: { kind: "application_credential", minted: true } }],
  });
  const compute = site.discovery.services.find((service) => service.type === "compute");
  expect(compute).toMatchObject({ state: "ok", min_microversion: "2.1", max_microversion: "2.93" });
  expect(await credentialsAt(zed)).toEqual([expect.stringMatching(/^uniview-zed-[0-9a-f]{8}$/)]);
  const { rows } = await server.database.pool.query(
    "select encode(credential_sealed, 'escape') as kept from site_projects",
  );
  expect(JSON.stringify(rows)).not.toContain("password");

  expect(await remove(ada, "zed")).toEqual({ name: "zed", left_behind: [] });
  expect(await credentialsAt(zed)).toEqual([]);
  expect((await ada.client.call(endpoints.listSites)).items).toEqual([]);
});

test("checking an entry tells the same and makes nothing", async () => {
  const check = await ada.client.call(endpoints.checkCloud, { body: { cloud: cloudOf(zed) } });
  expect(check).toMatchObject({ region_name: "zed", project: { name: "demo", user_name: "demo" } });
  expect(await credentialsAt(zed)).toEqual([]);
});

test("where a site forbids application credentials the password is sealed, and that is said", async () => {
  const strict = await open("strict", { forbid_application_credentials: true });
  const site = await add(ada, "strict", cloudOf(strict));
  expect(site.projects).toMatchObject([
    { credential: { kind: "password", minted: false, note: expect.stringContaining("does not let") } },
  ]);
  expect(site.discovery.limitations.map((one) => one.what)).toContainEqual(
    expect.stringContaining("keeps the password"),
  );
  expect((await ada.client.call(endpoints.checkSite, { params: { name: "strict" } })).state).toBe("fresh");
  expect((await remove(ada, "strict")).left_behind).toEqual([]);
});

test("an application credential that was given is used, and still there after leaving", async () => {
  const auth = await atSite(zed, async (session) => {
    const { user } = await session.token();
    const made = await createApplicationCredential(await session.service("identity"), user.id, {
      name: "brought",
    });
    return {
      auth_url: zed.auth_url,
      application_credential_id: made.id,
      application_credential_secret: made.secret,
    };
  });
  const site = await add(ada, "zed", { auth_type: "v3applicationcredential", auth });
  expect(site.projects).toMatchObject([{ credential: { kind: "application_credential", minted: false } }]);
  expect(await remove(ada, "zed")).toEqual({ name: "zed", left_behind: [] });
  expect(await credentialsAt(zed)).toEqual(["brought"]);
});

test("whatever is wrong with an entry, there is one sentence and a remedy, and nothing is left", async () => {
  const expired = await open("expired", { tls: EXPIRED_CERTIFICATE });
  const other = createServer((_, response) =>
    response.setHeader("content-type", "text/html").end("<h1>Hello</h1>"),
  );
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const html = `http://127.0.0.1:${(other.address() as AddressInfo).port}/v3`;
  const good = cloudOf(zed);
  const withAuth = (auth: Partial<CloudEntryInput["auth"]>) => ({ ...good, auth: { ...good.auth, ...auth } });
  const before = await credentialsAt(zed);
  const cases: [CloudEntryInput, string][] = [
    [withAuth({ password: "wrong" }), "site-sign-in-failed"],
    [withAuth({ project_name: "nowhere" }), "site-sign-in-failed"],
    [withAuth({ auth_url: "http://no-such-host.invalid:5000/v3" }), "site-unreachable"],
    [withAuth({ auth_url: "http://127.0.0.1:1/v3" }), "site-unreachable"],
    [withAuth({ auth_url: "http://169.254.169.254/v3" }), "site-address-refused"],
    [withAuth({ auth_url: html }), "site-not-openstack"],
    [withAuth({ auth_url: zed.url }), "site-not-openstack"],
    [withAuth({ auth_url: expired.auth_url }), "site-certificate-invalid"],
    [
      { ...withAuth({ auth_url: expired.auth_url }), ca_pem: EXPIRED_CERTIFICATE.cert_pem },
      "site-certificate-invalid",
    ],
    [{ ...good, region_name: "mars" }, "site-region-unknown"],
    [{ ...good, ca_pem: "nonsense" }, "invalid-input"],
  ];
  for (const [cloud, slug] of cases) {
    const failure = await add(ada, "bad", cloud).then(
      () => expect.unreachable(JSON.stringify(cloud)),
      (error: unknown) => error,
    );
    expect(failure, JSON.stringify(cloud.auth)).toMatchObject({
      slug,
      extras: { remedy: expect.stringMatching(/\.$/) },
    });
    expect(String(failure)).not.toContain("wrong");
  }
  other.close();
  expect(await credentialsAt(zed)).toEqual(before);
  expect(await server.database.kysely.selectFrom("sites").select("name").execute()).toEqual([]);
});

test("a credential whose making was not answered is found and deleted", async () => {
  const before = await credentialsAt(zed);
  zed.faults.set({
    service: "identity",
    method: "POST",
    path: "application_credentials",
    status: 500,
    after: true,
  });
  await expect(add(ada, "zed", cloudOf(zed))).rejects.toMatchObject({ slug: "site-refused" });
  zed.faults.clear();
  expect(await credentialsAt(zed)).toEqual(before);
});

test("of two at once with one name one joins, and the other leaves nothing", async () => {
  const before = await credentialsAt(zed);
  const outcomes = await Promise.allSettled([add(ada, "zed", cloudOf(zed)), add(ada, "zed", cloudOf(zed))]);
  expect(outcomes.map((one) => one.status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(outcomes.find((one) => one.status === "rejected")?.reason).toMatchObject({ slug: "name-taken" });
  expect(await credentialsAt(zed)).toHaveLength(before.length + 1);
  await remove(ada, "zed");
});

test("a name that another site has is refused before anything is asked there", async () => {
  const second = await open("second");
  await add(ada, "zed", cloudOf(zed));
  await expect(add(ada, "zed", cloudOf(second))).rejects.toMatchObject({ slug: "name-taken" });
  expect(await credentialsAt(second)).toEqual([]);
  await remove(ada, "zed");
});

test("two users share a site, each with a credential of their own, and one's leaving is not the other's", async () => {
  const bob = await server.user("bob");
  await add(ada, "zed", cloudOf(zed));
  await expect(bob.client.call(endpoints.getSite, { params: { name: "zed" } })).rejects.toMatchObject({
    slug: "not-found",
  });
  await add(bob, "zed", cloudOf(zed));
  await remove(ada, "zed");
  await expect(ada.client.call(endpoints.getSite, { params: { name: "zed" } })).rejects.toMatchObject({
    slug: "not-found",
  });
  expect((await bob.client.call(endpoints.checkSite, { params: { name: "zed" } })).state).toBe("fresh");
  await remove(bob, "zed");
});

test("who was granted a project uses it but does not remove it", async () => {
  const cleo = await server.user("cleo");
  const site = await add(ada, "zed", cloudOf(zed));
  const body = { user_name: "cleo", project_id: site.projects[0]?.id ?? "" };
  const grant = await server.administrator.client.call(endpoints.createGrant, {
    params: { name: "zed" },
    body,
  });
  expect((await cleo.client.call(endpoints.getSite, { params: { name: "zed" } })).projects).toHaveLength(1);
  await expect(remove(cleo, "zed")).rejects.toMatchObject({ slug: "not-allowed" });
  await server.administrator.client.call(endpoints.deleteGrant, { params: { name: "zed", id: grant.id } });
  await expect(cleo.client.call(endpoints.getSite, { params: { name: "zed" } })).rejects.toMatchObject({
    slug: "not-found",
  });
  await remove(ada, "zed");
});

test("a site that a job works on stays until the job has ended", async () => {
  await add(ada, "zed", cloudOf(zed));
  await server.database.pool.query(
    `insert into jobs (id, workflow, title, owner, labels, input, status)
     values (gen_random_uuid(), 'w', 'Migrate web', $1, '{"target_site": "zed"}', '{}', 'stuck')`,
    [ada.id],
  );
  await expect(remove(ada, "zed")).rejects.toMatchObject({
    slug: "site-in-use",
    message: expect.stringContaining("Migrate web"),
  });
  await server.database.pool.query("update jobs set status = 'undone'");
  await remove(ada, "zed");
});

/** A pre-flight of a server that the list still has from before. */
async function planFrom(site: string): Promise<unknown> {
  const { items } = await ada.client.call(endpoints.listSites);
  const { rows } = await server.database.pool.query(
    `select site_projects.id, site_id, project_id, project_name from site_projects
     join sites on sites.id = site_id where sites.name = $1`,
    [site],
  );
  await testReading(server.database, { ...rows[0], site }, "servers", [serverBody("web", { id: "web" })]);
  const to = items.find(({ name }) => name !== site)?.name ?? "";
  return ada.client.call(endpoints.planMigration, { body: { server: { site, id: "web" }, to } });
}

test("a dead site is shown as unreachable since then, holds up no other, and comes back", async () => {
  const dead = await open("dead");
  await add(ada, "dead", cloudOf(dead));
  await add(ada, "zed", cloudOf(zed));
  await dead.faults.down();
  const check = () => ada.client.call(endpoints.checkSite, { params: { name: "dead" } });
  await expect(check()).rejects.toMatchObject({ slug: "site-unreachable", extras: { site: "dead" } });
  const { items } = await ada.client.call(endpoints.listSites);
  expect(items).toMatchObject([
    { name: "dead", state: "unreachable", unreachable_since: expect.any(String), problem: { site: "dead" } },
    { name: "zed", state: "fresh" },
  ]);
  await expect(planFrom("dead")).rejects.toMatchObject({
    slug: "site-unreachable",
    extras: { site: "dead", remedy: expect.any(String) },
  });
  await expect(remove(ada, "dead")).rejects.toMatchObject({ slug: "site-unreachable" });
  await dead.faults.up();
  expect(await check()).toMatchObject({ state: "fresh", unreachable_since: null });

  await dead.faults.down();
  const { left_behind } = await remove(ada, "dead", "true");
  expect(left_behind).toEqual([
    expect.stringMatching(/^application credential \w+ of demo in project demo: /),
  ]);
  await remove(ada, "zed");
});
