import { expect, test } from "vitest";
import { EMPTY_DRAFT, readDraft, siteName } from "./cloud-draft.ts";

const yaml = `clouds:
  zed.example:
    auth: {auth_url: "https://zed.example.org/v3", username: demo, password: secret, project_name: demo}
    region_name: RegionOne
    cacert: /etc/ssl/zed.pem
  epoxy:
    auth_type: v3applicationcredential
    auth: {auth_url: "https://epoxy.example.org/v3", application_credential_id: abc, application_credential_secret: def}
`;

test("the first entry of a pasted clouds.yaml is taken, and its name offered for the site", () => {
  const read = readDraft({ ...EMPTY_DRAFT, yaml });
  expect(read.entries).toEqual(["zed.example", "epoxy"]);
  expect(read.name).toBe("zed-example");
  expect(read.cloud?.auth.auth_url).toBe("https://zed.example.org/v3");
  expect(read.cloud?.region_name).toBe("RegionOne");
});

test("another entry can be chosen, and region and interface overridden", () => {
  const read = readDraft({ ...EMPTY_DRAFT, yaml, entry: "epoxy", region_name: "Two", interface: "internal" });
  expect(read.cloud).toMatchObject({
    auth_type: "v3applicationcredential",
    region_name: "Two",
    interface: "internal",
  });
});

test("a CA file's path is asked for until its text is there", () => {
  expect(readDraft({ ...EMPTY_DRAFT, yaml }).cacert).toBe("/etc/ssl/zed.pem");
  const given = readDraft({ ...EMPTY_DRAFT, yaml, ca_pem: "-----BEGIN CERTIFICATE-----" });
  expect(given.cacert).toBeUndefined();
  expect(given.cloud?.ca_pem).toBe("-----BEGIN CERTIFICATE-----");
});

test("what is no clouds.yaml is said in a sentence, and an empty field is not", () => {
  expect(readDraft({ ...EMPTY_DRAFT, yaml: "hello" }).problem?.message).toContain('no "clouds:"');
  expect(readDraft(EMPTY_DRAFT)).toEqual({ entries: [] });
});

test("an openrc that asks for its password gets it from the field beside", () => {
  const openrc =
    "export OS_AUTH_URL=https://z/v3\nexport OS_USERNAME=demo\nexport OS_PASSWORD=$OS_PASSWORD_INPUT\nexport OS_PROJECT_NAME=demo";
  const read = readDraft({ ...EMPTY_DRAFT, way: "openrc", openrc, openrc_password: "secret" });
  expect(read.cloud?.auth).toMatchObject({ username: "demo", password: "secret" });
  expect(read.name).toBeUndefined();
});

test("a form is ready when its own fields are filled", () => {
  const form = { ...EMPTY_DRAFT.form, auth_url: " https://z/v3 ", username: "demo", password: "x" };
  expect(readDraft({ ...EMPTY_DRAFT, way: "form", form }).cloud).toBeUndefined();
  const ready = readDraft({ ...EMPTY_DRAFT, way: "form", form: { ...form, project_name: "demo" } });
  expect(ready.cloud?.auth.auth_url).toBe("https://z/v3");
  expect(ready.cloud?.auth).not.toHaveProperty("application_credential_id");
});

test("a site's name is made of what it may hold", () => {
  expect([siteName("My Cloud (EU)"), siteName("--a__b--"), siteName("x".repeat(60)).length]).toEqual([
    "my-cloud-eu",
    "a-b",
    39,
  ]);
});
