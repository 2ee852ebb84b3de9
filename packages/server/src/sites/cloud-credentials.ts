import { X509Certificate } from "node:crypto";
import { type CloudEntry, Problem } from "@uniview/api";
import type { Auth, CloudCredentials } from "@uniview/openstack";

/**
 * What a session needs, from an entry of a clouds.yaml.
 *
 * @throws Problem `invalid-input` that names what the entry lacks
 */
export function readCloud({
  auth_type,
  auth,
  region_name,
  interface: of,
  ca_pem,
}: CloudEntry): CloudCredentials {
  const { username, password } = new URL(auth.auth_url);
  if (username !== "" || password !== "") {
    throw lacking(
      "auth.auth_url",
      "holds a user or password",
      "Give them as auth.username and auth.password.",
    );
  }
  return {
    auth_url: auth.auth_url,
    auth: auth_type === "v3applicationcredential" ? readApplicationCredential(auth) : readPassword(auth),
    region_name,
    interface: of,
    ca_pem: ca_pem === undefined ? undefined : readCertificates(ca_pem),
  };
}

function readApplicationCredential(auth: CloudEntry["auth"]): Auth {
  const { application_credential_id: id, application_credential_name: name, username, user_id } = auth;
  const secret = auth.application_credential_secret;
  if (!secret)
    throw lacking(
      "auth.application_credential_secret",
      "is missing",
      "The site showed it once, when the credential was made: make a new one if it is lost.",
    );
  if (!id && !name)
    throw lacking("auth.application_credential_id", "is missing", "Give the id, or the name with its user.");
  if (!id && !username && !user_id)
    throw lacking(
      "auth.username",
      "is missing",
      "An application credential given by name needs its user; its id alone would do.",
    );
  const { user_domain_name, user_domain_id } = auth;
  return {
    type: "application_credential",
    id,
    name,
    secret,
    username,
    user_id,
    user_domain_name,
    user_domain_id,
  };
}

function readPassword(auth: CloudEntry["auth"]): Auth {
  const { username, user_id, password, project_name, project_id } = auth;
  if (!username && !user_id) throw lacking("auth.username", "is missing", "Give the user of the site.");
  if (!password)
    throw lacking("auth.password", "is missing", "clouds.yaml keeps it often in a secure.yaml beside it.");
  if (!project_name && !project_id)
    throw lacking("auth.project_name", "is missing", "Give the project to work in.");
  const { user_domain_name, user_domain_id, project_domain_name, project_domain_id } = auth;
  const domains = { user_domain_name, user_domain_id, project_domain_name, project_domain_id };
  return { type: "password", username, user_id, password, project_name, project_id, ...domains };
}

function readCertificates(pem: string): string {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) {
    throw lacking(
      "ca_pem",
      "holds no certificate in PEM",
      "Paste the whole CA file, with its BEGIN and END lines.",
    );
  }
  for (const [at, block] of blocks.entries()) {
    try {
      new X509Certificate(block);
    } catch {
      throw lacking(
        "ca_pem",
        `holds a certificate (number ${at + 1}) that cannot be read`,
        "Copy the CA file anew.",
      );
    }
  }
  return pem;
}

function lacking(field: string, what: string, remedy: string): Problem {
  return new Problem("invalid-input", `The cloud entry's ${field} ${what}.`, {
    field: `cloud.${field}`,
    remedy,
  });
}

/** The same for all spellings of one identity service: for telling whether a site was joined before. */
export function locationOf(auth_url: string): string {
  const { protocol, host, pathname } = new URL(auth_url);
  return `${protocol}//${host}${pathname.replace(/\/+$/, "").replace(/\/v(2\.0|3)$/, "")}`;
}
