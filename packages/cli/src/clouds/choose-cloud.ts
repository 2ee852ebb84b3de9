import {
  type CloudEntryInput,
  type CloudSource,
  Problem,
  pickCloud,
  readCloudsYaml,
  readOpenrc,
} from "@uniview/api";
import { askSecret } from "../sign-in/ask.ts";
import { readAll, type Surroundings } from "../surroundings.ts";
import { UsageError } from "../usage-error.ts";
import { findCloudsYaml, findSecureYaml, readNamed } from "./find-clouds-yaml.ts";

/** The options of `site add` that say which cloud is meant. */
export interface CloudOptions {
  readonly cloud?: string;
  readonly osCloudFile?: string;
  readonly openrc?: string;
  readonly authUrl?: string;
  readonly username?: string;
  readonly userDomain: string;
  readonly project?: string;
  readonly projectId?: string;
  readonly projectDomain: string;
  readonly applicationCredentialId?: string;
  readonly passwordStdin?: true;
  readonly secretStdin?: true;
  readonly region?: string;
  readonly interface?: "public" | "internal" | "admin";
  readonly cacert?: string;
}

/**
 * Makes the one cloud entry that is sent: from a clouds.yaml, an openrc or the options, with the CA file read into it.
 * Of a clouds.yaml with many entries, only the chosen one leaves the machine.
 */
export async function chooseCloud(
  surroundings: Surroundings,
  options: CloudOptions,
): Promise<CloudEntryInput> {
  const { cloud: entry, cacert } = await readSource(surroundings, options);
  const secret = await missingSecret(surroundings, options, entry);
  const ca_file = options.cacert ?? cacert;
  return {
    ...entry,
    auth: { ...entry.auth, ...secret },
    ...(options.region === undefined ? {} : { region_name: options.region }),
    ...(options.interface === undefined ? {} : { interface: options.interface }),
    ...(ca_file === undefined ? {} : { ca_pem: await readNamed(surroundings, ca_file, "cacert") }),
  };
}

async function readSource(
  surroundings: Surroundings,
  options: CloudOptions,
): Promise<{ readonly cloud: CloudEntryInput; readonly cacert?: string }> {
  const given = [options.cloud, options.openrc, options.authUrl].filter((each) => each !== undefined);
  if (given.length > 1) throw new UsageError("Give one of --cloud, --openrc and --auth-url, not several.");
  if (options.openrc !== undefined)
    return readOpenrc(await readNamed(surroundings, options.openrc, "openrc"));
  if (options.authUrl !== undefined) return { cloud: entryOfOptions(options.authUrl, options) };
  const name = options.cloud ?? surroundings.env["OS_CLOUD"];
  if (!name) {
    throw new UsageError(
      "Say which cloud it is.",
      "Give --cloud ENTRY of a clouds.yaml, --openrc FILE, or --auth-url with --username or --application-credential-id.",
    );
  }
  return pickFromFile(surroundings, name, options.osCloudFile);
}

async function pickFromFile(
  surroundings: Surroundings,
  name: string,
  file: string | undefined,
): Promise<CloudSource> {
  const [clouds, secure] = await Promise.all([
    findCloudsYaml(surroundings, file),
    findSecureYaml(surroundings),
  ]);
  try {
    return pickCloud(readCloudsYaml(clouds.text, secure?.text, name), name);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const remedy = [error.extras.remedy, `It was read from ${clouds.path}.`].filter(Boolean).join(" ");
    throw new Problem(error.slug, error.message, { ...error.extras, remedy }, error);
  }
}

function entryOfOptions(auth_url: string, options: CloudOptions): CloudEntryInput {
  const { applicationCredentialId, username, project, projectId } = options;
  if (applicationCredentialId !== undefined) {
    return {
      auth_type: "v3applicationcredential",
      auth: { auth_url, application_credential_id: applicationCredentialId },
    };
  }
  if (username === undefined || (project === undefined && projectId === undefined)) {
    throw new UsageError(
      "--auth-url needs --username with --project or --project-id, or --application-credential-id.",
    );
  }
  return {
    auth_type: "password",
    auth: {
      auth_url,
      username,
      user_domain_name: options.userDomain,
      ...(projectId === undefined
        ? { project_name: project, project_domain_name: options.projectDomain }
        : { project_id: projectId }),
    },
  };
}

/** The password or secret where the source has none: from standard input, or asked for. */
async function missingSecret(
  surroundings: Surroundings,
  { passwordStdin, secretStdin }: CloudOptions,
  { auth, auth_type }: CloudEntryInput,
): Promise<{ password?: string; application_credential_secret?: string }> {
  const by_credential = auth_type === "v3applicationcredential";
  const field = by_credential ? "application_credential_secret" : "password";
  if (passwordStdin || secretStdin) return { [field]: await readAll(surroundings.input) };
  if (auth[field] !== undefined) return {};
  const what = by_credential
    ? "Secret of the application credential"
    : `Password of ${auth.username ?? auth.user_id}`;
  const option = by_credential ? "--secret-stdin" : "--password-stdin";
  return { [field]: await askSecret(surroundings, what, option) };
}
