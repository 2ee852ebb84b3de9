import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCloud } from "./read-cloud.ts";

let dir: string;
let env: Record<string, string>;

const CLOUDS = `
clouds:
  amsterdam:
    auth: { auth_url: https://a.example/v3, username: ada, project_name: demo, domain_name: Default, password: 123 }
    region_name: ams1
    endpoint_type: internalURL
    cacert: CA_FILE
  berlin:
    auth_type: v3applicationcredential
    auth: { auth_url: https://b.example/v3, application_credential_id: ac1 }
    verify: false
    pin_sha256: ab12
  token: { auth: { auth_url: https://t.example/v3, token: t1, project_id: p1 }, region_name: "" }
  saml: { auth_type: v3samlpassword2, auth: { auth_url: https://s.example/v3 } }
  nameless: { auth: { auth_url: https://n.example/v3, password: s } }
`;
const SECURE = "clouds: { berlin: { auth: { application_credential_secret: hidden } } }";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "uniview-clouds-"));
  const at = (name: string) => join(dir, name);
  await writeFile(at("ca.pem"), "the CA");
  await writeFile(at("clouds.yaml"), CLOUDS.replace("CA_FILE", at("ca.pem")));
  await writeFile(at("secure.yaml"), SECURE);
  await writeFile(at("broken.yaml"), "clouds: { a: { auth: { password: hunter2 }");
  env = { OS_CLIENT_CONFIG_FILE: at("clouds.yaml"), OS_CLIENT_SECURE_FILE: at("secure.yaml"), HOME: dir };
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test("an entry of a clouds.yaml is read, with its CA", async () => {
  expect(await readCloud({ cloud: "amsterdam", env })).toMatchObject({
    auth_url: "https://a.example/v3",
    auth: { type: "password", username: "ada", password: "123", user_domain_name: "Default" },
    region_name: "ams1",
    interface: "internal",
    ca_pem: "the CA",
  });
});

test("OS_CLOUD names the entry, and a secure.yaml holds its secrets", async () => {
  expect(await readCloud({ env: { ...env, OS_CLOUD: "berlin" } })).toMatchObject({
    auth: { type: "application_credential", id: "ac1", secret: "hidden" },
    insecure: true,
    pin_sha256: "ab12",
  });
});

test("the way to sign in follows from what is given, where the entry does not say it", async () => {
  expect(await readCloud({ cloud: "token", env })).toMatchObject({
    auth: { type: "token", token: "t1", project_id: "p1" },
    region_name: undefined,
  });
});

test("an openrc's variables do without a file", async () => {
  const sourced = {
    OS_AUTH_URL: "http://c.example:5000",
    OS_USERNAME: "ada",
    OS_PASSWORD: "s",
    OS_PROJECT_NAME: "demo",
    OS_PROJECT_DOMAIN_ID: "default",
    OS_REGION_NAME: "",
    OS_INTERFACE: "public",
  };
  expect(await readCloud({ env: sourced })).toMatchObject({
    auth_url: "http://c.example:5000",
    auth: { username: "ada", project_name: "demo", project_domain_id: "default" },
    region_name: undefined,
    interface: "public",
  });
});

test.each([
  ["saml", "wants to sign in by 'v3samlpassword2'"],
  ["nameless", "The entry 'nameless' lacks 'username'. Add it, or set OS_USERNAME."],
  ["paris", "has no entry 'paris', but amsterdam, berlin, token, saml, nameless."],
])("what is wrong with the entry %s is said", async (cloud, sentence) => {
  await expect(readCloud({ cloud, env })).rejects.toThrow(sentence);
});

test("a file that is missing or no YAML is named, and its content is not", async () => {
  const missing = join(dir, "nowhere.yaml");
  await expect(readCloud({ cloud: "a", file: missing, env })).rejects.toThrow(missing);
  const broken = readCloud({ cloud: "a", file: join(dir, "broken.yaml"), env });
  await expect(broken).rejects.toThrow("broken.yaml is not YAML");
  await expect(broken).rejects.not.toThrow("hunter2");
  await expect(readCloud({ env: {} })).rejects.toThrow("Neither OS_CLOUD nor OS_AUTH_URL is set");
});
