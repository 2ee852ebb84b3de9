import { expect, test } from "vitest";
import { pickCloud, readCloudsYaml, readOpenrc } from "./cloud-files.ts";

const FILE = `
clouds:
  zed:
    region_name: zed
    auth: { auth_url: http://192.0.2.1:5000/v3, username: demo, password: 12345, project_name: demo, user_domain_name: Default, project_domain_name: Default }
  epoxy:
    auth_type: v3applicationcredential
    interface: internalURL
    cacert: /etc/ssl/epoxy.pem
    auth: { auth_url: "https://192.0.2.2/identity/v3", application_credential_id: abc, application_credential_secret: s3 }
`;

test("every entry of a clouds.yaml is read in the file's order", () => {
  expect(readCloudsYaml(FILE).map(({ name }) => name)).toEqual(["zed", "epoxy"]);
});

test("a password that YAML takes for a number is still a password", () => {
  expect(pickCloud(readCloudsYaml(FILE), "zed").cloud.auth.password).toBe("12345");
});

test("interface takes the old spelling with URL behind it, and cacert is handed to whoever can read it", () => {
  const { cloud, cacert } = pickCloud(readCloudsYaml(FILE), "epoxy");
  expect(cloud.interface).toBe("internal");
  expect(cloud.auth_type).toBe("v3applicationcredential");
  expect(cacert).toBe("/etc/ssl/epoxy.pem");
});

test("an entry that is not there is answered with those that are", () => {
  expect(() => pickCloud(readCloudsYaml(FILE), "prod")).toThrow('no entry "prod"');
});

test("an entry that cannot be used does not stand in the way of the others, but is explained when it is wanted", () => {
  const file = `${FILE}  odd: { auth_type: v3oidcpassword, auth: { auth_url: "https://192.0.2.9" } }\n  prof: { profile: vendor }\n`;
  expect(readCloudsYaml(file).map(({ name }) => name)).toEqual(["zed", "epoxy"]);
  expect(() => readCloudsYaml(file, undefined, "odd")).toThrow('"odd", auth_type');
});

test("a secure.yaml adds its secrets to the entry of the same name", () => {
  const [zed] = readCloudsYaml(FILE, "clouds: { zed: { auth: { password: hidden } } }");
  expect(zed?.cloud.auth).toMatchObject({ username: "demo", password: "hidden" });
});

test.each([
  ["clouds:\n\t- x", "is not YAML"],
  ["just: this", 'has no "clouds:"'],
  ["clouds: { a: { auth: { username: x } } }", "auth.auth_url"],
  ["clouds: { a: { auth: { auth_url: 'file:///etc/passwd' } } }", "http or https"],
])("a bad file %j is answered with what is wrong: %s", (text, said) => {
  expect(() => readCloudsYaml(text)).toThrow(said);
});

test("an openrc gives what it exports, and the password it asks for comes by the side", () => {
  const rc = `#!/usr/bin/env bash
export OS_AUTH_URL=https://192.0.2.3:5000
export OS_PROJECT_ID=6f70656e737461636b20342065766572
export OS_PROJECT_NAME="demo"
export OS_USER_DOMAIN_NAME="Default"
if [ -z "$OS_USER_DOMAIN_NAME" ]; then unset OS_USER_DOMAIN_NAME; fi
export OS_USERNAME="demo"
read -sr OS_PASSWORD_INPUT
export OS_PASSWORD=$OS_PASSWORD_INPUT
export OS_REGION_NAME="RegionOne"
export OS_INTERFACE=public`;
  const { cloud } = readOpenrc(rc, "secret");
  expect(cloud).toMatchObject({
    region_name: "RegionOne",
    interface: "public",
    auth: { username: "demo", password: "secret", project_name: "demo" },
  });
  expect(readOpenrc(rc).cloud.auth.password).toBeUndefined();
});
