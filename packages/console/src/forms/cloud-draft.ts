import type { CloudEntryInput } from "@uniview/api";
import { type CloudSource, readCloudsYaml, readOpenrc } from "@uniview/api/cloud-files";
import { Problem } from "@uniview/api/problems";

export type Way = "clouds-yaml" | "openrc" | "form";

/** What the fields of the form hold, as typed. */
export interface CloudForm {
  readonly auth_type: "password" | "v3applicationcredential";
  readonly auth_url: string;
  readonly username: string;
  readonly password: string;
  readonly user_domain_name: string;
  readonly project_name: string;
  readonly project_domain_name: string;
  readonly application_credential_id: string;
  readonly application_credential_secret: string;
}

/** Everything that was typed so far, in whichever way, and what overrides it. */
export interface CloudDraft {
  readonly way: Way;
  readonly yaml: string;
  /** The chosen entry of the clouds.yaml; undefined: the first. */
  readonly entry: string | undefined;
  readonly openrc: string;
  readonly openrc_password: string;
  readonly form: CloudForm;
  readonly region_name: string;
  readonly interface: "" | "public" | "internal" | "admin";
  readonly ca_pem: string;
}

export const EMPTY_DRAFT: CloudDraft = {
  way: "clouds-yaml",
  yaml: "",
  entry: undefined,
  openrc: "",
  openrc_password: "",
  form: {
    auth_type: "password",
    auth_url: "",
    username: "",
    password: "",
    user_domain_name: "Default",
    project_name: "",
    project_domain_name: "Default",
    application_credential_id: "",
    application_credential_secret: "",
  },
  region_name: "",
  interface: "",
  ca_pem: "",
};

export interface ReadDraft {
  /** What to send; absent while something is missing. */
  readonly cloud?: CloudEntryInput;
  /** The entry's own name: a good name for the site. */
  readonly name?: string;
  /** All entries of the clouds.yaml, to choose from. */
  readonly entries: readonly string[];
  /** A path of a CA file that only the user's machine can read. */
  readonly cacert?: string;
  /** What is wrong with what was pasted; absent while nothing was. */
  readonly problem?: Problem;
}

/** Reads what was typed so far. Never throws: an unfinished draft is no error. */
export function readDraft(draft: CloudDraft): ReadDraft {
  try {
    if (draft.way === "form") return readForm(draft);
    if (draft.way === "openrc") {
      if (draft.openrc.trim() === "") return { entries: [] };
      return fromSource(draft, readOpenrc(draft.openrc, draft.openrc_password || undefined), []);
    }
    if (draft.yaml.trim() === "") return { entries: [] };
    const sources = readCloudsYaml(draft.yaml);
    const chosen = sources.find(({ name }) => name === draft.entry) ?? sources[0];
    const entries = sources.map(({ name }) => name);
    return chosen ? fromSource(draft, chosen, entries) : { entries };
  } catch (problem) {
    if (problem instanceof Problem) return { entries: [], problem };
    throw problem;
  }
}

function fromSource(draft: CloudDraft, { name, cloud, cacert }: CloudSource, entries: string[]): ReadDraft {
  return {
    entries,
    cloud: overridden(draft, cloud),
    ...(name === "openrc" ? {} : { name: siteName(name) }),
    ...(cacert && draft.ca_pem === "" ? { cacert } : {}),
  };
}

function readForm(draft: CloudDraft): ReadDraft {
  const { auth_type, ...fields } = draft.form;
  const wanted =
    auth_type === "password"
      ? ([
          "auth_url",
          "username",
          "password",
          "user_domain_name",
          "project_name",
          "project_domain_name",
        ] as const)
      : (["auth_url", "application_credential_id", "application_credential_secret"] as const);
  if (wanted.some((field) => fields[field].trim() === "")) return { entries: [] };
  const auth = Object.fromEntries(wanted.map((field) => [field, fields[field]])) as CloudEntryInput["auth"];
  return {
    entries: [],
    cloud: overridden(draft, { auth_type, auth: { ...auth, auth_url: auth.auth_url.trim() } }),
  };
}

function overridden(draft: CloudDraft, cloud: CloudEntryInput): CloudEntryInput {
  return {
    ...cloud,
    ...(draft.region_name === "" ? {} : { region_name: draft.region_name }),
    ...(draft.interface === "" ? {} : { interface: draft.interface }),
    ...(draft.ca_pem.trim() === "" ? {} : { ca_pem: draft.ca_pem }),
  };
}

const MOST_OF_A_NAME = 39;

/** The nearest allowed name of a site: lower case, with hyphens for everything else. */
export function siteName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, MOST_OF_A_NAME)
    .replace(/-+$/, "");
}
