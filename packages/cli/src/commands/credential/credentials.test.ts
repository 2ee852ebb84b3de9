import { pickCloud, readCloudsYaml } from "@uniview/api";
import { expect, test } from "vitest";
import { type Answers, serveContract } from "../../testing/contract-server.ts";
import { runCli } from "../../testing/run-cli.ts";

const AT = "2026-11-22T12:00:00.000Z";
const PROJECT = "0123456789abcdef0123456789abcdef";
const project = (name: string, ...sites: string[]) => ({
  id: PROJECT,
  name,
  description: "",
  created_at: AT,
  sites: sites.map((site) => ({ site, project_id: "p1", project_name: "demo" })),
});
const answers: Answers = {
  listProjects: () => ({ items: [project("demo", "epoxy", "zed"), project("empty")] }),
  createApplicationCredential: ({ body }) => {
    const { name, project_id, broker } = body as { name: string; project_id: string; broker: boolean };
    return {
      id: "c1",
      name,
      description: null,
      project: { id: project_id, name: "demo" },
      unrestricted: false,
      broker,
      access_rules: [],
      expires_at: null,
      created_at: AT,
      last_used_at: null,
      secret: "shown-once",
    };
  },
};

test("a credential is printed as a clouds.yaml of the only project, and nothing else is on standard output", async () => {
  await using uniview = await serveContract(answers);
  const { exit_code, out, err } = await runCli(["credential", "create", "laptop"], { url: uniview.url });
  expect(exit_code).toBe(0);
  const { cloud } = pickCloud(readCloudsYaml(out), "uniview");
  expect(cloud.auth).toMatchObject({
    auth_url: `${uniview.url}/identity/v3`,
    application_credential_id: "c1",
    application_credential_secret: "shown-once",
  });
  expect(cloud.region_name).toBe("epoxy");
  expect(err).toContain("Keep it now");
});

test("other files, another region and a broker on request", async () => {
  await using uniview = await serveContract(answers);
  const create = ["credential", "create", "ci", "--region", "zed"];
  const shell = await runCli([...create, "--format", "openrc"], { url: uniview.url });
  expect(shell.out).toContain("export OS_REGION_NAME=zed");
  const terraform = await runCli([...create, "--format", "terraform"], { url: uniview.url });
  expect(terraform.out).toContain('alias                         = "epoxy"');
  const json = await runCli([...create, "--broker", "--json"], { url: uniview.url });
  expect(JSON.parse(json.out)).toMatchObject({ broker: true, secret: "shown-once" });
});

test("with several projects one has to be named", async () => {
  await using uniview = await serveContract({
    ...answers,
    listProjects: () => ({ items: [project("demo", "zed"), project("shop", "epoxy")] }),
  });
  const { exit_code, err } = await runCli(["credential", "create", "ci"], { url: uniview.url });
  expect(exit_code).toBe(2);
  expect(err).toContain("--project: demo, shop");
});

test("projects are listed with their sites, and a broken audit log fails the check", async () => {
  await using uniview = await serveContract({
    ...answers,
    verifyAudit: () => ({ ok: false, count: 4, head: "ab", broken_at: 5 }),
  });
  expect((await runCli(["project", "list"], { url: uniview.url })).out).toContain("epoxy, zed");
  const verified = await runCli(["audit", "verify"], { url: uniview.url });
  expect(verified).toMatchObject({ exit_code: 1, out: expect.stringContaining("Row 5") });
});
