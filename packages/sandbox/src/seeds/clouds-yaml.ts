import type { Site } from "../site.ts";

/** Passwords of the sandbox's users; they protect nothing. */
export const PASSWORDS = { demo: "password", admin: "secret" };

/** Entries `<name>` for the member demo and `<name>-admin` for the administrator. */
export function cloudsYaml(site: Site, auth_url: string): string {
  return `clouds:\n${entry(site, auth_url, site.name, "demo")}${entry(site, auth_url, `${site.name}-admin`, "admin")}`;
}

function entry(site: Site, auth_url: string, name: string, user: keyof typeof PASSWORDS): string {
  return `  ${JSON.stringify(name)}:
    region_name: ${JSON.stringify(site.region_name)}
    identity_api_version: 3
    auth:
      auth_url: ${JSON.stringify(auth_url)}
      username: ${user}
      password: ${PASSWORDS[user]}
      project_name: ${user}
      user_domain_name: Default
      project_domain_name: Default
`;
}
