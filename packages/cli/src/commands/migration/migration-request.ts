import { type Client, endpoints, type PlanMigration, Problem } from "@uniview/api";
import { type Command, Option } from "commander";
import { jsonOption, siteOption } from "../../command.ts";
import { findOne } from "../../inventory/find-one.ts";
import { servers } from "../../inventory/resource-kinds.ts";
import { UsageError } from "../../usage-error.ts";

/** The options that `plan` and `start` have in common. */
export interface MigrationOptions {
  readonly to: string;
  readonly site?: string;
  readonly toProject?: string;
  readonly name?: string;
  readonly network: Mapping;
  readonly flavor: Mapping;
  readonly volumeType: Mapping;
  readonly securityGroup: Mapping;
  readonly keypair: Mapping;
  readonly keepSourceRunning?: true;
  readonly json?: true;
}

type Mapping = Readonly<Record<string, string>>;

export function withMigrationOptions(command: Command): Command {
  const mapping = (flag: string, what: string) =>
    command.addOption(
      new Option(`--${flag} <source=target>`, `what a ${what} becomes; repeat it for several`)
        .argParser(addMapping)
        .default({}, "as the plan suggests"),
    );
  command
    .argument("<server>", "id, name, or site/name")
    .requiredOption("--to <site>", "the site to move it to");
  mapping("network", "network");
  mapping("flavor", "flavor");
  mapping("volume-type", "volume type");
  mapping("security-group", "security group");
  mapping("keypair", "keypair");
  return command
    .option("--name <name>", "the server's name on the target (default: the same)")
    .option("--to-project <project>", "id or name, where several projects of the target were granted")
    .option(
      "--keep-source-running",
      "copy while the source runs (crash-consistent at best), and leave it running",
    )
    .addOption(siteOption("the site that the server is at"))
    .addOption(jsonOption());
}

/** Finds the server and the project that are meant, and writes the request. */
export async function migrationRequest(
  client: Client,
  wanted: string,
  options: MigrationOptions,
  signal: AbortSignal,
): Promise<PlanMigration> {
  const [server, to_project_id] = await Promise.all([
    findOne(client, servers, wanted, { site: options.site, signal }),
    options.toProject === undefined ? undefined : findProject(client, options.to, options.toProject, signal),
  ]);
  return {
    server: { site: server.site, id: server.id },
    to: options.to,
    mappings: {
      networks: options.network,
      flavors: options.flavor,
      volume_types: options.volumeType,
      security_groups: options.securityGroup,
      keypairs: options.keypair,
    },
    keep_source_running: options.keepSourceRunning === true,
    ...(to_project_id === undefined ? {} : { to_project_id }),
    ...(options.name === undefined ? {} : { name: options.name }),
  };
}

function addMapping(text: string, before: Mapping): Mapping {
  const at = text.indexOf("=");
  const [source, target] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || target === "") {
    throw new UsageError(
      `"${text}" is not a mapping.`,
      "Write SOURCE=TARGET, such as --network demo-net=private.",
    );
  }
  return { ...before, [source]: target };
}

async function findProject(
  client: Client,
  site: string,
  wanted: string,
  signal: AbortSignal,
): Promise<string> {
  const { projects } = await client.call(endpoints.getSite, { params: { name: site }, signal });
  const found = projects.filter(({ id, name }) => id === wanted || name === wanted);
  const [only] = found;
  if (only && found.length === 1) return only.id;
  const there = (found.length > 0 ? found : projects).map(({ id, name }) => `${name} (${id})`).join(", ");
  throw new Problem(
    only ? "conflict" : "not-found",
    only
      ? `${site} has ${found.length} projects called "${wanted}".`
      : `${site} has no project "${wanted}" that you were granted.`,
    { remedy: there === "" ? "Ask an administrator for a grant." : `Say which: ${there}.` },
  );
}
