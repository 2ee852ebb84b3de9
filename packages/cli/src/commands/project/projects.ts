import { type Client, endpoints, type Project } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption, noun, yesOption } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { type Column, renderTable } from "../../output/table.ts";
import { askYes } from "../../sign-in/ask.ts";
import { pickNamed } from "../pick-named.ts";

interface Printing {
  readonly json?: true;
}

/** `uniview project …`: projects over sites, as OpenStack's own clients see them at the gateway. */
export function projectNoun(cli: Cli): Command {
  return noun("project", "Projects over sites: what OS_PROJECT_NAME is at the gateway", [
    listProjects(cli),
    createProject(cli),
    renameProject(cli),
    attachSite(cli),
    detachSite(cli),
    deleteProject(cli),
  ]);
}

export async function findProject(client: Client, wanted: string, signal: AbortSignal): Promise<Project> {
  const { items } = await client.call(endpoints.listProjects, { signal });
  return pickNamed(items, wanted, "project");
}

const COLUMNS: Column<Project>[] = [
  { title: "Name", cell: ({ name }) => name, cut: true },
  { title: "Sites", cell: ({ sites }) => sites.map(({ site }) => site).join(", "), cut: true },
  { title: "Description", cell: ({ description }) => description, cut: true },
  { title: "ID", cell: ({ id }) => id },
];

function print(cli: Cli, project: Project, { json }: Printing): void {
  if (json) cli.printJson(project);
  else cli.print(renderTable(COLUMNS, [project], { paint: cli.paint, width: cli.width }));
}

function listProjects(cli: Cli): Command {
  return command("list", "Projects that you may use, with their sites", [["uniview project list", ""]])
    .addOption(jsonOption())
    .action(
      cli.runs(async ({ json }: Printing) => {
        const page = await (await cli.client()).call(endpoints.listProjects, {
          signal: cli.surroundings.signal,
        });
        if (json) cli.printJson(page);
        else cli.print(renderTable(COLUMNS, page.items, { paint: cli.paint, width: cli.width }));
        return EXIT.ok;
      }),
    );
}

function createProject(cli: Cli): Command {
  return command("create", "Create an empty project; joining a site makes the one of its name by itself", [
    ["uniview project create shop --description 'Both regions of the shop'", ""],
  ])
    .argument("<name>", "what clients call it")
    .option("--description <text>", "what it is for")
    .addOption(jsonOption())
    .action(
      cli.runs(async (name: string, options: Printing & { readonly description?: string }) => {
        const { description } = options;
        const body = { name, ...(description === undefined ? {} : { description }) };
        const client = await cli.client();
        print(
          cli,
          await client.call(endpoints.createProject, { body, signal: cli.surroundings.signal }),
          options,
        );
        return EXIT.ok;
      }),
    );
}

function renameProject(cli: Cli): Command {
  return command("rename", "Rename a project whose sites you joined", [
    ["uniview project rename demo shop", ""],
  ])
    .argument("<project>", "its id or name")
    .argument("<name>", "the new name")
    .addOption(jsonOption())
    .action(
      cli.runs(async (wanted: string, name: string, options: Printing) => {
        const { signal } = cli.surroundings;
        const client = await cli.client();
        const { id } = await findProject(client, wanted, signal);
        print(
          cli,
          await client.call(endpoints.changeProject, { params: { id }, body: { name }, signal }),
          options,
        );
        return EXIT.ok;
      }),
    );
}

function attachSite(cli: Cli): Command {
  return command(
    "attach",
    "Put the project of a site that you joined into a project; it leaves the one it was in",
    [
      ["uniview project attach shop zed", "the only project of zed that you joined"],
      ["uniview project attach shop zed --site-project demo", ""],
    ],
  )
    .argument("<project>", "its id or name")
    .argument("<site>", "name of the site")
    .option("--site-project <project>", "the site's own id or name; needed where you joined several")
    .addOption(jsonOption())
    .action(
      cli.runs(
        async (wanted: string, site: string, options: Printing & { readonly siteProject?: string }) => {
          const { signal } = cli.surroundings;
          const client = await cli.client();
          const { id } = await findProject(client, wanted, signal);
          const { projects } = await client.call(endpoints.getSite, { params: { name: site }, signal });
          const [only] = projects;
          const joined =
            options.siteProject === undefined && only && projects.length === 1
              ? only
              : pickNamed(projects, options.siteProject ?? "", "site project");
          const body = { site, project_id: joined.id };
          print(cli, await client.call(endpoints.attachSite, { params: { id }, body, signal }), options);
          return EXIT.ok;
        },
      ),
    );
}

function detachSite(cli: Cli): Command {
  return command(
    "detach",
    "Take your site out of a project: clients of the gateway no longer reach it there",
    [["uniview project detach shop zed", ""]],
  )
    .argument("<project>", "its id or name")
    .argument("<site>", "name of the site")
    .action(
      cli.runs(async (wanted: string, site: string) => {
        const { signal } = cli.surroundings;
        const client = await cli.client();
        const { id, name } = await findProject(client, wanted, signal);
        await client.call(endpoints.detachSite, { params: { id, site }, signal });
        cli.print(`${cli.paint("green", "✓")} ${site} is no longer in ${name}.`);
        return EXIT.ok;
      }),
    );
}

function deleteProject(cli: Cli): Command {
  return command("delete", "Delete a project with its application credentials; the sites keep everything", [
    ["uniview project delete shop", ""],
  ])
    .argument("<project>", "its id or name")
    .addOption(yesOption())
    .action(
      cli.runs(async (wanted: string, { yes }: { readonly yes?: true }) => {
        const { signal } = cli.surroundings;
        const client = await cli.client();
        const { id, name } = await findProject(client, wanted, signal);
        const question = `Delete the project ${name}? Clients that use it are signed out; its sites keep everything.`;
        if (!yes && !(await askYes(cli.surroundings, question))) return EXIT.ok;
        await client.call(endpoints.deleteProject, { params: { id }, signal });
        cli.print(`${cli.paint("green", "✓")} The project ${name} is deleted.`);
        return EXIT.ok;
      }),
    );
}
