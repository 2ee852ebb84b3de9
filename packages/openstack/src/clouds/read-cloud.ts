import { readFile } from "node:fs/promises";
import { z } from "zod";
import { CloudNotDescribed } from "../errors/cloud-not-described.ts";
import type { Auth, CloudCredentials } from "../session/credentials.ts";
import { type Environment, type Fields, isFields, readEntry } from "./clouds-files.ts";

export interface ReadCloudOptions {
  /** Entry of a clouds.yaml. Default: OS_CLOUD; where that is not set either, OS_AUTH_URL and its like say it all. */
  cloud?: string | undefined;
  /** The clouds.yaml. Default: OS_CLIENT_CONFIG_FILE, else where OpenStack's own tools look for one. */
  file?: string | undefined;
  /** Default: the process's own. */
  env?: Environment | undefined;
}

const Text = z.union([z.string(), z.number()]).transform(String).optional();
const AuthFields = z.object({
  auth_url: Text,
  token: Text,
  username: Text,
  user_id: Text,
  password: Text,
  project_name: Text,
  project_id: Text,
  user_domain_name: Text,
  user_domain_id: Text,
  project_domain_name: Text,
  project_domain_id: Text,
  domain_name: Text,
  domain_id: Text,
  application_credential_id: Text,
  application_credential_name: Text,
  application_credential_secret: Text,
});
type AuthFields = z.infer<typeof AuthFields>;

const Entry = z.object({
  auth_type: Text,
  auth: AuthFields,
  region_name: Text,
  interface: Text,
  endpoint_type: Text,
  cacert: Text,
  verify: z.boolean().optional(),
  pin_sha256: Text,
});

/**
 * What a session needs, from where OpenStack's own tools have it: `createSession(await readCloud())`.
 *
 * @throws CloudNotDescribed neither file nor environment says it, or an entry lacks a field; the sentence names it
 */
export async function readCloud(options: ReadCloudOptions = {}): Promise<CloudCredentials> {
  const env = options.env ?? process.env;
  const name = options.cloud ?? env["OS_CLOUD"];
  const where = name === undefined ? "The environment" : `The entry '${name}'`;
  const fields = name === undefined ? fromEnvironment(env) : await readEntry(name, options.file, env);
  const entry = Entry.safeParse(withoutEmpty(fields));
  if (!entry.success) {
    const [issue] = entry.error.issues;
    throw new CloudNotDescribed(`${where} has no usable '${issue?.path.join(".")}': ${issue?.message}.`);
  }
  const { auth, region_name, cacert, verify, pin_sha256 } = entry.data;
  const auth_url = auth.auth_url ?? lacking(where, "auth_url");
  return {
    auth_url,
    auth: authOf(where, entry.data.auth_type, auth),
    region_name,
    interface: interfaceOf(where, entry.data.interface ?? entry.data.endpoint_type),
    ...(cacert === undefined ? {} : { ca_pem: await readFile(cacert, "utf8") }),
    ...(verify === false ? { insecure: true } : {}),
    ...(pin_sha256 === undefined ? {} : { pin_sha256 }),
  };
}

/** `OS_PROJECT_NAME` is `auth.project_name`. The few that are not of `auth` are named. */
function fromEnvironment(env: Environment): Fields {
  const value = (name: string) => env[`OS_${name.toUpperCase()}`];
  const auth = Object.fromEntries(Object.keys(AuthFields.shape).map((name) => [name, value(name)]));
  if (auth["auth_url"] === undefined) {
    throw new CloudNotDescribed(
      "Neither OS_CLOUD nor OS_AUTH_URL is set. Set OS_CLOUD to an entry of a clouds.yaml, or source an openrc.",
    );
  }
  return {
    auth_type: value("auth_type"),
    auth,
    region_name: value("region_name"),
    interface: value("interface") ?? value("endpoint_type"),
    cacert: value("cacert"),
  };
}

function authOf(where: string, auth_type: string | undefined, auth: AuthFields): Auth {
  const { username, user_id, project_name, project_id, project_domain_name, project_domain_id } = auth;
  const user_domain_name = auth.user_domain_name ?? auth.domain_name;
  const user_domain_id = auth.user_domain_id ?? auth.domain_id;
  const { application_credential_id: id, application_credential_name: name } = auth;
  if (
    auth_type?.includes("applicationcredential") ||
    (auth_type === undefined && (id ?? name) !== undefined)
  ) {
    const secret = auth.application_credential_secret ?? lacking(where, "application_credential_secret");
    if (id === undefined && name === undefined) lacking(where, "application_credential_id");
    const user = { username, user_id, user_domain_name, user_domain_id };
    return { type: "application_credential", id, name, secret, ...user };
  }
  if (auth_type?.endsWith("token") || (auth_type === undefined && auth.token !== undefined)) {
    return { type: "token", token: auth.token ?? lacking(where, "token"), project_id };
  }
  if (auth_type !== undefined && !auth_type.endsWith("password")) {
    throw new CloudNotDescribed(
      `${where} wants to sign in by '${auth_type}'. Use a password, a token or an application credential.`,
    );
  }
  if (username === undefined && user_id === undefined) lacking(where, "username");
  const password = auth.password ?? lacking(where, "password");
  const project = { project_name, project_id, project_domain_name, project_domain_id };
  return { type: "password", username, user_id, password, user_domain_name, user_domain_id, ...project };
}

function interfaceOf(where: string, text = "public"): CloudCredentials["interface"] {
  const plain = text.replace(/URL$/, "");
  if (plain === "public" || plain === "internal" || plain === "admin") return plain;
  throw new CloudNotDescribed(`${where} has the interface '${text}'. Use public, internal or admin.`);
}

function withoutEmpty(fields: Fields): Fields {
  const filled = Object.entries(fields).filter(([, value]) => value !== null && value !== "");
  return Object.fromEntries(
    filled.map(([name, value]) => [name, isFields(value) ? withoutEmpty(value) : value]),
  );
}

function lacking(where: string, field: string): never {
  throw new CloudNotDescribed(`${where} lacks '${field}'. Add it, or set OS_${field.toUpperCase()}.`);
}
