import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { promisify } from "node:util";
import { type Sandbox, startSandbox } from "@uniview/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, TEST_PASSWORD, type TestServer } from "../../testing.ts";
import { join } from "../testing.ts";

// Debian's own clients, unchanged: python3-openstackclient, and the openstacksdk that it brings.

const run = promisify(execFile);

let server: TestServer;
let dir: string;
let zed: Sandbox;
let epoxy: Sandbox;

beforeAll(async () => {
  dir = await mkdtemp(joinPath(tmpdir(), "uniview-osc-"));
  const open = (name: string, release: "zed" | "2025.1") =>
    startSandbox({ name, release, dir: joinPath(dir, name), seed: "empty" });
  [server, zed, epoxy] = await Promise.all([startTestServer(), open("zed", "zed"), open("epoxy", "2025.1")]);
  const ada = await server.user("ada");
  await Promise.all([join(ada, zed, "zed"), join(ada, epoxy, "epoxy")]);
});
afterAll(async () => {
  await server.close();
  await Promise.all([zed.close(), epoxy.close()]);
  await rm(dir, { recursive: true, force: true });
});

const environment = (auth: Record<string, string>) => ({
  PATH: "/usr/bin:/bin",
  HOME: dir,
  LC_ALL: "C.UTF-8",
  OS_AUTH_URL: `${server.url}/identity/v3`,
  OS_IDENTITY_API_VERSION: "3",
  ...auth,
});
const byPassword = () =>
  environment({
    OS_USERNAME: "ada",
    OS_PASSWORD: TEST_PASSWORD,
    OS_PROJECT_NAME: "demo",
    OS_USER_DOMAIN_NAME: "Default",
    OS_PROJECT_DOMAIN_ID: "default",
  });

async function openstack(env: Record<string, string>, ...words: string[]): Promise<unknown> {
  const { stdout } = await run("/usr/bin/openstack", [...words, "-f", "json"], { env });
  return JSON.parse(stdout);
}

test("the command line signs in by password and lists what the catalog has", async () => {
  expect(await openstack(byPassword(), "token", "issue")).toMatchObject({
    id: expect.stringMatching(/^uvg_/),
    project_id: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  const catalog = (await openstack(byPassword(), "catalog", "list")) as {
    Type: string;
    Endpoints: object[];
  }[];
  expect(catalog.map((row) => row.Type)).toEqual(
    expect.arrayContaining(["identity", "compute", "volumev3", "block-storage", "image", "network"]),
  );
  expect(await openstack(byPassword(), "region", "list")).toMatchObject([
    { Region: "epoxy" },
    { Region: "global" },
    { Region: "zed" },
  ]);
  expect(await openstack(byPassword(), "project", "list")).toMatchObject([{ Name: "demo" }]);
});

test("it makes an application credential, and signs in with that until it is deleted", async () => {
  const words = ["application", "credential", "create", "ci", "--role", "member"];
  const made = (await openstack(byPassword(), ...words)) as { id: string; secret: string };
  const env = environment({
    OS_AUTH_TYPE: "v3applicationcredential",
    OS_APPLICATION_CREDENTIAL_ID: made.id,
    OS_APPLICATION_CREDENTIAL_SECRET: made.secret,
  });
  expect(await openstack(env, "token", "issue")).toMatchObject({ id: expect.stringMatching(/^uvg_/) });
  await run("/usr/bin/openstack", ["application", "credential", "delete", "ci"], { env: byPassword() });
  await expect(openstack(env, "token", "issue")).rejects.toThrow(/HTTP 401/);
});

const SDK = `
import json, openstack
cloud = openstack.connect(cloud="uniview")
said = {
    "project": cloud.current_project.name,
    "regions": sorted({e["region_id"] for s in cloud.session.auth.get_access(cloud.session).service_catalog.catalog for e in s["endpoints"]}),
    "compute": cloud.session.get_endpoint(service_type="compute", region_name="zed"),
    "block_storage": [cloud.session.get_endpoint(service_type=t, region_name="zed") for t in ("block-storage", "volumev3", "block-store")],
    "projects": [p.name for p in cloud.identity.projects()],
    "services": len(list(cloud.identity.services())),
}
own = cloud.session.get("/v3/auth/projects", endpoint_filter={"service_type": "identity", "region_name": "zed"})
said["own"] = [p["name"] for p in own.json()["projects"]]
print(json.dumps(said))
`;

test("openstacksdk signs in from a clouds.yaml and finds every service under every name", async () => {
  const entry = {
    auth: {
      auth_url: `${server.url}/identity`,
      username: "ada",
      password: TEST_PASSWORD,
      project_name: "demo",
      user_domain_name: "Default",
      project_domain_name: "Default",
    },
    region_name: "zed",
  };
  const file = joinPath(dir, "clouds.yaml");
  await writeFile(file, JSON.stringify({ clouds: { uniview: entry } }));
  const env = { PATH: "/usr/bin:/bin", HOME: dir, OS_CLIENT_CONFIG_FILE: file };
  const { stdout } = await run("/usr/bin/python3", ["-c", SDK], { env });
  const said = JSON.parse(stdout) as { compute: string; block_storage: string[] };
  expect(said).toMatchObject({
    project: "demo",
    regions: ["epoxy", "global", "zed"],
    projects: ["demo"],
    own: ["demo"],
  });
  expect(said.compute).toBe(`${server.url}/openstack/zed/compute/v2.1`);
  for (const url of said.block_storage) expect(url).toContain(`${server.url}/openstack/zed/volumev3/v3`);
});
