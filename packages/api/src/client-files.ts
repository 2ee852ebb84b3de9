/** What an OpenStack client needs to come in by the gateway. */
export interface GatewayAccess {
  /** Where users reach Uniview, without slash at the end. */
  readonly url: string;
  readonly application_credential_id: string;
  readonly application_credential_secret: string;
  /** The site that clients begin with; `global` is all of them at once. */
  readonly region_name: string;
}

/** What clients of OpenStack call Uniview's Keystone. */
export function authUrlOf(url: string): string {
  return `${url}/identity/v3`;
}

/** An entry of a clouds.yaml: for python-openstackclient, openstacksdk, Ansible. @param entry its name there */
export function cloudsYaml(access: GatewayAccess, entry = "uniview"): string {
  const { url, application_credential_id: id, application_credential_secret: secret, region_name } = access;
  return `clouds:
  ${entry}:
    auth_type: v3applicationcredential
    auth:
      auth_url: ${quoted(authUrlOf(url))}
      application_credential_id: ${quoted(id)}
      application_credential_secret: ${quoted(secret)}
    region_name: ${quoted(region_name)}
    interface: public
    identity_api_version: 3
`;
}

/** What a shell may still have of another cloud: clients refuse it beside an application credential. */
const OF_OTHERS = [
  "OS_CLOUD OS_TOKEN OS_USERNAME OS_USER_ID OS_PASSWORD OS_USER_DOMAIN_NAME OS_USER_DOMAIN_ID",
  "OS_PROJECT_NAME OS_PROJECT_ID OS_PROJECT_DOMAIN_NAME OS_PROJECT_DOMAIN_ID OS_TENANT_NAME OS_TENANT_ID",
];

/** A file for a shell to read: `source uniview-openrc.sh`. */
export function openrc(access: GatewayAccess): string {
  const { url, application_credential_id: id, application_credential_secret: secret, region_name } = access;
  return [
    ...OF_OTHERS.map((names) => `unset ${names}`),
    "export OS_AUTH_TYPE=v3applicationcredential",
    `export OS_AUTH_URL=${forShell(authUrlOf(url))}`,
    "export OS_IDENTITY_API_VERSION=3",
    `export OS_APPLICATION_CREDENTIAL_ID=${forShell(id)}`,
    `export OS_APPLICATION_CREDENTIAL_SECRET=${forShell(secret)}`,
    `export OS_REGION_NAME=${forShell(region_name)}`,
    "export OS_INTERFACE=public",
    "",
  ].join("\n");
}

/** The provider of Terraform and OpenTofu, with one alias for each of the other sites. */
export function terraformProvider(access: GatewayAccess, other_regions: readonly string[]): string {
  const { url, application_credential_id: id, application_credential_secret: secret } = access;
  const provider = (region: string, alias?: string) => `provider "openstack" {${
    alias === undefined
      ? ""
      : `
  alias                         = ${quoted(alias)}`
  }
  auth_url                      = ${quoted(authUrlOf(url))}
  application_credential_id     = ${quoted(id)}
  application_credential_secret = ${quoted(secret)}
  region                        = ${quoted(region)}
}
`;
  return `terraform {
  required_providers {
    openstack = {
      source = "terraform-provider-openstack/openstack"
    }
  }
}

${[provider(access.region_name), ...other_regions.map((region) => provider(region, region))].join("\n")}`;
}

/** JSON's strings are strings in YAML and, without `${`, in HCL, too; names and secrets have none. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function forShell(text: string): string {
  return /^[\w.:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
