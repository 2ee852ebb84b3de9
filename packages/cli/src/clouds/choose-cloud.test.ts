import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { serveContract } from "../testing/contract-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { site } from "../testing/samples.ts";

const AUTH =
  "auth_url: http://192.0.2.1:5000/v3, username: demo, project_name: demo, user_domain_name: Default";
const CLOUDS = `
clouds:
  zed: { region_name: zed, cacert: ~/ca.pem, auth: { ${AUTH}, password: secret-of-zed } }
  other: { auth: { ${AUTH}, password: secret-of-other } }
`;
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "uniview-cli-"));
  await mkdir(join(home, ".config/openstack"), { recursive: true });
  await writeFile(join(home, ".config/openstack/clouds.yaml"), CLOUDS);
  await writeFile(join(home, "ca.pem"), "the CA");
});
afterEach(() => rm(home, { recursive: true }));

const NOTHING_THERE = {
  items: [],
  sites: [{ site: "zed", state: "fresh", as_of: "2026-01-01T00:00:00Z" }],
  total: { count: 0, exact: true },
};

/** Adds a site, and tells what was sent for it. */
async function add(words: string[], input?: string) {
  let sent: unknown;
  await using uniview = await serveContract({
    addSite: ({ body }) => {
      sent = body;
      return site();
    },
    listServers: () => NOTHING_THERE,
    listNetworks: () => NOTHING_THERE,
  });
  const ran = await runCli(["site", "add", "zed", ...words], {
    url: uniview.url,
    home,
    ...(input === undefined ? {} : { input }),
  });
  return { ...ran, sent };
}

test("only the chosen entry leaves the machine, with its CA read in", async () => {
  const { exit_code, sent, out, err } = await add(["--cloud", "zed"]);
  expect(sent).toMatchObject({
    name: "zed",
    cloud: { region_name: "zed", ca_pem: "the CA", auth: { username: "demo", password: "secret-of-zed" } },
  });
  expect(JSON.stringify(sent)).not.toContain("secret-of-other");
  expect(out + err).not.toContain("secret-of-zed");
  expect(out).toMatch(/compute +● ok/);
  expect(exit_code).toBe(0);
});

test("an entry that is not there is answered with those that are, and where they were read", async () => {
  const { exit_code, sent, err } = await add(["--cloud", "prod"]);
  expect(err).toContain('The clouds.yaml has no entry "prod".');
  expect(err).toContain(`It has: zed, other. It was read from ${home}/.config/openstack/clouds.yaml.`);
  expect(sent).toBeUndefined();
  expect(exit_code).toBe(1);
});

test("a file in the working folder comes before the user's, and options before the file", async () => {
  await writeFile(join(home, "clouds.yaml"), `clouds: { zed: { auth: { ${AUTH}, password: nearer } } }`);
  const { sent } = await add(["--cloud", "zed", "--region", "two", "--interface", "internal"]);
  expect(sent).toMatchObject({
    cloud: { region_name: "two", interface: "internal", auth: { password: "nearer" } },
  });
});

test("a secure.yaml gives the password that the clouds.yaml leaves out", async () => {
  await writeFile(join(home, "clouds.yaml"), `clouds: { zed: { auth: { ${AUTH} } } }`);
  await writeFile(
    join(home, ".config/openstack/secure.yaml"),
    "clouds: { zed: { auth: { password: sealed } } }",
  );
  expect((await add(["--cloud", "zed"])).sent).toMatchObject({ cloud: { auth: { password: "sealed" } } });
});

test("an openrc that asks for its password takes it from standard input", async () => {
  await writeFile(
    join(home, "rc.sh"),
    "export OS_AUTH_URL=http://192.0.2.1:5000/v3\nexport OS_USERNAME=demo\nexport OS_PASSWORD=$OS_PASSWORD_INPUT\n",
  );
  const { sent } = await add(["--openrc", "rc.sh", "--password-stdin"], "typed\n");
  expect(sent).toMatchObject({ cloud: { auth: { username: "demo", password: "typed" } } });
});

test("an application credential needs no file", async () => {
  const { sent } = await add(
    ["--auth-url", "http://192.0.2.1:5000/v3", "--application-credential-id", "abc", "--secret-stdin"],
    "s3cret",
  );
  expect(sent).toMatchObject({
    cloud: {
      auth_type: "v3applicationcredential",
      auth: { application_credential_id: "abc", application_credential_secret: "s3cret" },
    },
  });
});

test.each([
  [[], "Say which cloud it is."],
  [["--cloud", "zed", "--openrc", "rc"], "not several"],
  [["--auth-url", "http://192.0.2.1:5000", "--username", "demo"], "--project"],
])("options %j that name no cloud or two are a usage error", async (words, said) => {
  const { exit_code, err } = await add(words);
  expect(err).toContain(said);
  expect(exit_code).toBe(2);
});

test("a CA file that is not there is named", async () => {
  const { err } = await add(["--cloud", "zed", "--cacert", "none.pem"]);
  expect(err).toContain(`There is no file ${home}/none.pem.`);
});
