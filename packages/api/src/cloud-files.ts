import { parse } from "yaml";
import { z } from "zod";
import { Problem } from "./problems.ts";
import { CloudEntry } from "./schemas/sites.ts";

/** One cloud that a file describes, under the name that it has there. */
export interface CloudSource {
  readonly name: string;
  readonly cloud: CloudEntry;
  /** `cacert` is a path on the user's machine: whoever can read it puts the text into `cloud.ca_pem`. */
  readonly cacert?: string;
}

const AuthValue = z.union([z.string(), z.number()]).transform(String);

const RawEntry = z.object({
  auth_type: z.string().optional(),
  auth: z.record(z.string(), AuthValue.nullish()),
  region_name: AuthValue.nullish(),
  regions: z.array(z.unknown()).optional(),
  interface: z.string().nullish(),
  endpoint_type: z.string().nullish(),
  cacert: z.string().nullish(),
  ca_pem: z.string().nullish(),
});

/**
 * Reads a clouds.yaml: the entries that Uniview can use, in the file's order. `secure` is the text of a secure.yaml.
 * Others (profiles, ways of signing in that Uniview does not know) are passed over, unless it is the `wanted` one or
 * no entry can be used.
 *
 * @throws Problem `invalid-input` that names the entry and the field
 * @see https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html
 */
export function readCloudsYaml(text: string, secure?: string, wanted?: string): CloudSource[] {
  const clouds = cloudsOf(text, "clouds.yaml");
  const secrets = secure === undefined ? {} : cloudsOf(secure, "secure.yaml");
  const problems: unknown[] = [];
  const usable = Object.entries(clouds).flatMap(([name, entry]) => {
    try {
      return [readEntry(name, merge(entry, secrets[name]))];
    } catch (problem) {
      if (name === wanted) throw problem;
      problems.push(problem);
      return [];
    }
  });
  if (usable.length === 0 && problems.length > 0) throw problems[0];
  return usable;
}

/** The entry of that name, or a clear word on which names there are. */
export function pickCloud(sources: readonly CloudSource[], name: string): CloudSource {
  const found = sources.find((source) => source.name === name);
  if (found) return found;
  const names = sources.map((source) => source.name);
  throw new Problem("invalid-input", `The clouds.yaml has no entry "${name}".`, {
    field: "cloud",
    remedy: names.length > 0 ? `It has: ${names.join(", ")}.` : "It has no entries at all.",
  });
}

/**
 * Reads an openrc: the `OS_*` variables that it sets, whatever else it does (such as asking for a password:
 * then the password comes by the side).
 */
export function readOpenrc(text: string, password?: string): CloudSource {
  const set: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const match = /^\s*(?:export\s+)?(OS_[A-Z0-9_]+)=(.*)$/.exec(line);
    const [, name, value] = match ?? [];
    if (name !== undefined && value !== undefined) set[name] = unquote(value.trim());
  }
  if (!set["OS_AUTH_URL"]) {
    throw new Problem("invalid-input", "The openrc sets no OS_AUTH_URL.", {
      field: "openrc",
      remedy: "Download the openrc again from the site's dashboard.",
    });
  }
  // `OS_PASSWORD=$OS_PASSWORD_INPUT`: the script asks for it, so it is not in the file
  if (set["OS_PASSWORD"]?.startsWith("$")) delete set["OS_PASSWORD"];
  const fields = Object.entries(set).map(([name, value]) => [name.slice(3).toLowerCase(), value]);
  const auth = Object.fromEntries(
    fields.filter(([name]) => Object.hasOwn(CloudEntry.shape.auth.shape, name ?? "")),
  );
  if (password !== undefined) auth["password"] = password;
  return readEntry("openrc", {
    auth,
    auth_type: set["OS_AUTH_TYPE"],
    region_name: set["OS_REGION_NAME"] || null,
    interface: set["OS_INTERFACE"] ?? set["OS_ENDPOINT_TYPE"],
    cacert: set["OS_CACERT"],
  });
}

function readEntry(name: string, value: unknown): CloudSource {
  const raw = RawEntry.safeParse(value);
  if (!raw.success) throw badEntry(name, raw.error);
  const { auth, auth_type, region_name, cacert, ca_pem } = raw.data;
  const url = auth["auth_url"];
  const domains = {
    user_domain_id: auth["user_domain_id"] ?? auth["domain_id"],
    user_domain_name: auth["user_domain_name"] ?? auth["domain_name"],
  };
  const cloud = CloudEntry.safeParse({
    auth_type:
      auth_type ??
      (auth["application_credential_id"] || auth["application_credential_name"]
        ? "v3applicationcredential"
        : "password"),
    auth: Object.fromEntries(
      Object.entries({ ...auth, ...domains, auth_url: url?.trim() }).filter(
        ([, part]) => part != null && part !== "",
      ),
    ),
    region_name: region_name ?? undefined,
    interface: (raw.data.interface ?? raw.data.endpoint_type ?? "public").replace(/URL$/, ""),
    ca_pem: ca_pem ?? undefined,
  });
  if (!cloud.success) throw badEntry(name, cloud.error);
  return { name, cloud: cloud.data, ...(cacert ? { cacert } : {}) };
}

function cloudsOf(text: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100 });
  } catch (cause) {
    const [line] = String(cause instanceof Error ? cause.message : cause).split("\n");
    throw new Problem("invalid-input", `The ${file} is not YAML: ${line}`, { field: file });
  }
  const clouds = z.object({ clouds: z.record(z.string(), z.unknown()) }).safeParse(value);
  if (!clouds.success) {
    throw new Problem("invalid-input", `The ${file} has no "clouds:" with entries below it.`, {
      field: file,
      remedy: "Paste the whole file, with its first line.",
    });
  }
  return clouds.data.clouds;
}

function merge(entry: unknown, secret: unknown): unknown {
  if (!isRecord(entry) || !isRecord(secret)) return entry;
  return {
    ...entry,
    ...secret,
    auth: {
      ...(isRecord(entry["auth"]) ? entry["auth"] : {}),
      ...(isRecord(secret["auth"]) ? secret["auth"] : {}),
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unquote(value: string): string {
  const match = /^(["'])(.*?)\1/.exec(value);
  return match?.[2] ?? value.replace(/\s+#.*$/, "").replace(/;$/, "");
}

function badEntry(name: string, error: z.ZodError): Problem {
  const [issue] = error.issues;
  const field = issue?.path.join(".") || "entry";
  return new Problem(
    "invalid-input",
    `In the entry "${name}", ${field}: ${issue?.message ?? "is not valid"}.`,
    {
      field,
      remedy: "Compare it with the clouds.yaml that the site's dashboard offers for download.",
    },
  );
}
