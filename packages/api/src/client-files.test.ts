import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { cloudsYaml, type GatewayAccess, openrc, terraformProvider } from "./client-files.ts";
import { pickCloud, readCloudsYaml, readOpenrc } from "./cloud-files.ts";

const access: GatewayAccess = {
  url: "https://uniview.example.org",
  application_credential_id: "0193f0c5aaaa4bbb8cccddddeeeeffff",
  application_credential_secret: "s3-cret_of'a person",
  region_name: "zed",
};
const auth = {
  auth_url: "https://uniview.example.org/identity/v3",
  application_credential_id: access.application_credential_id,
  application_credential_secret: access.application_credential_secret,
};

test("the clouds.yaml is one that Uniview reads itself", () => {
  const { cloud } = pickCloud(readCloudsYaml(cloudsYaml(access)), "uniview");
  expect(cloud).toMatchObject({ auth_type: "v3applicationcredential", auth, region_name: "zed" });
});

test("so is the openrc, and a shell reads the same from it", () => {
  const secret = access.application_credential_secret;
  const script = `${openrc(access)}printf %s "$OS_APPLICATION_CREDENTIAL_SECRET"`;
  expect(execFileSync("bash", ["-c", script], { encoding: "utf8" })).toBe(secret);
  const plain = { ...access, application_credential_secret: "plain" };
  expect(readOpenrc(openrc(plain)).cloud).toMatchObject({ region_name: "zed" });
});

test("Terraform gets a provider for each site", () => {
  const text = terraformProvider(access, ["epoxy"]);
  expect(text.match(/provider "openstack" \{/g)).toHaveLength(2);
  expect(text).toContain('alias                         = "epoxy"');
});
