import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { type Sandbox, startSandbox } from "@uniview/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer, type TestUser } from "../../testing.ts";
import { askIdentity, authenticate, byPassword, inProject, join } from "../testing.ts";
import { clientUserId } from "./user-ids.ts";

let server: TestServer;
let ada: TestUser;
let dir: string;
let zed: Sandbox;
let epoxy: Sandbox;

beforeAll(async () => {
  dir = await mkdtemp(joinPath(tmpdir(), "uniview-gateway-"));
  const open = (name: string, release: "zed" | "2025.1") =>
    startSandbox({ name, release, dir: joinPath(dir, name), seed: "empty" });
  [server, zed, epoxy] = await Promise.all([startTestServer(), open("zed", "zed"), open("epoxy", "2025.1")]);
  ada = await server.user("ada");
  await Promise.all([join(ada, zed, "zed"), join(ada, epoxy, "epoxy")]);
});
afterAll(async () => {
  await server.close();
  await Promise.all([zed.close(), epoxy.close()]);
  await rm(dir, { recursive: true, force: true });
});

const project = "demo";

test("version documents carry the address under which the client reaches us", async () => {
  const all = await askIdentity(server, "GET", "");
  expect(all.status).toBe(300);
  const links = [{ rel: "self", href: `${server.url}/identity/v3/` }];
  expect(await all.json()).toMatchObject({
    versions: { values: [{ id: "v3.14", status: "stable", links }] },
  });
  for (const path of ["/v3", "/v3/"]) {
    const one = await askIdentity(server, "GET", path);
    expect(one.status).toBe(200);
    expect(await one.json()).toMatchObject({ version: { id: "v3.14", links } });
  }
});

test("a password gets a token of a project, with every service of every site as a region", async () => {
  const answer = await authenticate(server, byPassword("ada"), inProject(project));
  expect(answer.status).toBe(201);
  expect(answer.headers.get("x-subject-token")).toMatch(/^uvg_/);
  expect(answer.headers.get("vary")).toContain("X-Auth-Token");
  const { token } = (await answer.json()) as {
    token: {
      project: { id: string };
      catalog: {
        type: string;
        id: string;
        endpoints: { region_id: string; region: string; url: string }[];
      }[];
    };
  };
  expect(token).toMatchObject({
    methods: ["password"],
    user: { id: clientUserId(ada.id), name: "ada", domain: { id: "default", name: "Default" } },
    project: { id: expect.stringMatching(/^[0-9a-f]{32}$/), name: project, domain: { id: "default" } },
    roles: [{ name: "member" }, { name: "reader" }],
  });
  const urlOf = (type: string, region: string) =>
    token.catalog.find((one) => one.type === type)?.endpoints.find((one) => one.region_id === region)?.url;
  expect(urlOf("compute", "zed")).toBe(`${server.url}/openstack/zed/compute/v2.1`);
  expect(urlOf("volumev3", "zed")).toBe(`${server.url}/openstack/zed/volumev3/v3/${token.project.id}`);
  expect(urlOf("volumev3", "epoxy")).toMatch(/\/openstack\/epoxy\/block-storage\/v3/);
  expect(urlOf("identity", "zed")).toBe(`${server.url}/identity`);
  expect(urlOf("network", "global")).toBe(`${server.url}/openstack/global/network`);
  for (const type of ["volumev3", "block-storage", "block-store"]) expect(urlOf(type, "zed")).toBeDefined();
  for (const { endpoints } of token.catalog) {
    for (const one of endpoints) expect(one.region).toBe(one.region_id);
  }
  const again = await authenticate(server, byPassword("ada"), inProject(project));
  expect(((await again.json()) as { token: object }).token).toMatchObject({ catalog: token.catalog });
});

test("a site that is down stays in the catalog and holds up nobody who signs in", async () => {
  await zed.close();
  const answer = await authenticate(server, byPassword("ada"), inProject(project));
  expect(answer.status).toBe(201);
  const { token } = (await answer.json()) as {
    token: { catalog: { type: string; endpoints: { region_id: string }[] }[] };
  };
  const compute = token.catalog.find((one) => one.type === "compute")?.endpoints;
  expect(new Set(compute?.map((one) => one.region_id))).toEqual(new Set(["epoxy", "global", "zed"]));
});
