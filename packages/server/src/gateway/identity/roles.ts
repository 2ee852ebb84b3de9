import { createHash } from "node:crypto";

/** What a user may do is decided by the site, by the role that the credential has there. */
const PROJECT_ROLES: readonly string[] = ["member", "reader"];
const DOMAIN_ROLES: readonly string[] = ["admin", "member", "reader"];

/** Names of the roles of a token; those of an application credential may be fewer. */
export function rolesOf(scope: "project" | "domain", of_credential?: readonly string[]): readonly string[] {
  const roles = scope === "project" ? PROJECT_ROLES : DOMAIN_ROLES;
  return of_credential ? roles.filter((role) => of_credential.includes(role)) : roles;
}

/** A role as Keystone shows it. Its id follows from its name, so it is the same on every server. */
export function presentRole(name: string): { id: string; name: string } {
  return { id: createHash("sha256").update(`uniview role ${name}`).digest("hex").slice(0, 32), name };
}
