import { endpoints, Problem } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption, noun } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { formatAge } from "../../output/quantities.ts";
import { renderTable } from "../../output/table.ts";
import { pickNamed } from "../pick-named.ts";

/** `uniview grant …`: who may use which project of a site; for administrators. */
export function grantNoun(cli: Cli): Command {
  return noun("grant", "Who may use which project of a site (administrators only)", [
    listGrants(cli),
    createGrant(cli),
    deleteGrant(cli),
  ]);
}

function listGrants(cli: Cli): Command {
  return command("list", "The grants of a site", [["uniview grant list zed", ""]])
    .argument("<site>", "its name")
    .addOption(jsonOption())
    .action(
      cli.runs(async (name: string, { json }: { readonly json?: true }) => {
        const client = await cli.client();
        const page = await client.call(endpoints.listGrants, {
          params: { name },
          signal: cli.surroundings.signal,
        });
        if (json) cli.printJson(page);
        else {
          const table = renderTable(
            [
              { title: "User", cell: ({ user_name }) => user_name },
              { title: "Project", cell: ({ project_name }) => project_name, cut: true },
              { title: "Since", cell: ({ created_at }) => formatAge(created_at, cli.now()) },
              { title: "ID", cell: ({ id }) => id },
            ],
            page.items,
            { paint: cli.paint, width: cli.width },
          );
          cli.print(table);
        }
        return EXIT.ok;
      }),
    );
}

function createGrant(cli: Cli): Command {
  return command("create", "Let a user use a project of a site", [
    ["uniview grant create zed ada", "the only project of zed"],
    ["uniview grant create zed ada --project demo", ""],
  ])
    .argument("<site>", "its name")
    .argument("<user>", "the user's name in Uniview")
    .option("--project <project>", "id or name; needed where the site has several")
    .addOption(jsonOption())
    .action(
      cli.runs(
        async (
          name: string,
          user_name: string,
          options: { readonly project?: string; readonly json?: true },
        ) => {
          const { signal } = cli.surroundings;
          const client = await cli.client();
          const { projects } = await client.call(endpoints.getSite, { params: { name }, signal });
          const project_id = pickProject(name, projects, options.project);
          const body = { user_name, project_id };
          const grant = await client.call(endpoints.createGrant, { params: { name }, body, signal });
          if (options.json) cli.printJson(grant);
          else
            cli.print(
              `${cli.paint("green", "✓")} ${grant.user_name} may use ${grant.project_name} of ${grant.site}.`,
            );
          return EXIT.ok;
        },
      ),
    );
}

function pickProject(
  site: string,
  projects: readonly { readonly id: string; readonly name: string }[],
  wanted: string | undefined,
): string {
  if (wanted !== undefined) {
    // a project that is not granted to oneself is not in the list: its id still does
    const known = projects.some(({ id, name }) => id === wanted || name === wanted);
    return known ? pickNamed(projects, wanted, "project").id : wanted;
  }
  const [only] = projects;
  if (only && projects.length === 1) return only.id;
  throw new Problem("invalid-input", `${site} has ${projects.length} projects that you were granted.`, {
    field: "project",
    remedy: `Say which with --project: ${projects.map(({ name }) => name).join(", ")}.`,
  });
}

function deleteGrant(cli: Cli): Command {
  return command("delete", "Take a grant back", [
    ["uniview grant delete zed 0193f0c5-…", "the id is in `uniview grant list`"],
  ])
    .argument("<site>", "its name")
    .argument("<grant>", "its id")
    .action(
      cli.runs(async (name: string, id: string) => {
        const client = await cli.client();
        await client.call(endpoints.deleteGrant, { params: { name, id }, signal: cli.surroundings.signal });
        cli.print(`${cli.paint("green", "✓")} The grant is taken back.`);
        return EXIT.ok;
      }),
    );
}
