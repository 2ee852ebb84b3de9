import {
  type ApplicationCredential,
  type Client,
  cloudsYaml,
  endpoints,
  openrc,
  type Project,
  terraformProvider,
} from "@uniview/api";
import { type Command, Option } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption, noun, wholeNumber } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { formatAge } from "../../output/quantities.ts";
import { type Column, renderTable } from "../../output/table.ts";
import { findConnection } from "../../sign-in/connection.ts";
import { UsageError } from "../../usage-error.ts";
import { pickNamed } from "../pick-named.ts";
import { findProject } from "../project/projects.ts";

/** `uniview credential …`: what OpenStack's own clients sign in with. */
export function credentialNoun(cli: Cli): Command {
  return noun("credential", "Application credentials: one for every OpenStack client and all sites", [
    listCredentials(cli),
    createCredential(cli),
    deleteCredential(cli),
  ]);
}

function listCredentials(cli: Cli): Command {
  return command("list", "Your application credentials", [["uniview credential list", ""]])
    .addOption(jsonOption())
    .action(
      cli.runs(async ({ json }: { readonly json?: true }) => {
        const client = await cli.client();
        const page = await client.call(endpoints.listApplicationCredentials, {
          signal: cli.surroundings.signal,
        });
        if (json) cli.printJson(page);
        else cli.print(renderTable(columns(cli.now()), page.items, { paint: cli.paint, width: cli.width }));
        return EXIT.ok;
      }),
    );
}

const FORMATS = ["clouds.yaml", "openrc", "terraform"] as const;

interface Wishes {
  readonly project?: string;
  readonly region?: string;
  readonly format: (typeof FORMATS)[number];
  readonly expiresIn?: number;
  readonly broker?: true;
  readonly json?: true;
}

function createCredential(cli: Cli): Command {
  return command("create", "Make one, and print the file that clients read; its secret is shown once", [
    [
      "uniview credential create laptop > ~/.config/openstack/clouds.yaml",
      "then: openstack --os-cloud uniview …",
    ],
    ["uniview credential create ci --project demo --format openrc > uniview-openrc.sh", ""],
  ])
    .argument("<name>", "what it is for")
    .option("--project <project>", "id or name; needed where you have several")
    .option(
      "--region <site>",
      "the site that clients begin with; `global` is all of them (default: the first)",
    )
    .addOption(new Option("--format <format>", "what to print").choices(FORMATS).default("clouds.yaml"))
    .option("--expires-in <days>", "days that it is valid (default: until it is deleted)", wholeNumber)
    .option("--broker", "where a site lacks the version that a client asks for, do what comes nearest")
    .addOption(jsonOption())
    .action(
      cli.runs(async (name: string, { project: wanted, expiresIn, broker, ...options }: Wishes) => {
        const { signal } = cli.surroundings;
        const client = await cli.client();
        const project = await theProject(client, wanted, signal);
        const body = {
          name,
          project_id: project.id,
          expires_in_days: expiresIn ?? null,
          broker: broker === true,
        };
        const made = await client.call(endpoints.createApplicationCredential, { body, signal });
        if (options.json) {
          cli.printJson(made);
          return EXIT.ok;
        }
        const regions = project.sites.map(({ site }) => site);
        const region_name = options.region ?? regions[0] ?? "global";
        const access = {
          url: (await findConnection(cli.surroundings)).url,
          application_credential_id: made.id,
          application_credential_secret: made.secret,
          region_name,
        };
        const others = regions.filter((region) => region !== region_name);
        const text = {
          "clouds.yaml": () => cloudsYaml(access),
          openrc: () => openrc(access),
          terraform: () => terraformProvider(access, others),
        }[options.format]();
        cli.print(text.trimEnd());
        cli.note(cli.paint_note("dim", "Keep it now: Uniview has only a hash of the secret."));
        return EXIT.ok;
      }),
    );
}

async function theProject(client: Client, wanted: string | undefined, signal: AbortSignal): Promise<Project> {
  if (wanted !== undefined) return findProject(client, wanted, signal);
  const { items } = await client.call(endpoints.listProjects, { signal });
  const [only, ...others] = items.filter(({ sites }) => sites.length > 0);
  if (only && others.length === 0) return only;
  throw new UsageError(
    only ? "You have several projects." : "You have no project with a site yet.",
    only
      ? `Say which with --project: ${items.map(({ name }) => name).join(", ")}.`
      : "Join a site first: `uniview site add`.",
  );
}

function deleteCredential(cli: Cli): Command {
  return command("delete", "Delete one, with every token that was got with it", [
    ["uniview credential delete laptop", ""],
  ])
    .argument("<credential>", "its id or name")
    .action(
      cli.runs(async (wanted: string) => {
        const { signal } = cli.surroundings;
        const client = await cli.client();
        const { items } = await client.call(endpoints.listApplicationCredentials, { signal });
        const { id, name } = pickNamed(items, wanted, "application credential");
        await client.call(endpoints.deleteApplicationCredential, { params: { id }, signal });
        cli.print(`${cli.paint("green", "✓")} The application credential ${name} is deleted.`);
        return EXIT.ok;
      }),
    );
}

const columns = (now: Date): Column<ApplicationCredential>[] => [
  { title: "Name", cell: ({ name }) => name, cut: true },
  { title: "Project", cell: ({ project }) => project.name, cut: true },
  { title: "Created", cell: ({ created_at }) => formatAge(created_at, now) },
  { title: "Last used", cell: ({ last_used_at }) => formatAge(last_used_at, now) },
  { title: "Expires", cell: ({ expires_at }) => expires_at ?? "never" },
  { title: "ID", cell: ({ id }) => id },
];
