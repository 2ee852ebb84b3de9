import { endpoints, type Site } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { formatAge } from "../../output/quantities.ts";
import { siteState } from "../../output/state.ts";
import { type Column, renderTable } from "../../output/table.ts";
import { harmless } from "../../output/text-width.ts";

export function listSites(cli: Cli): Command {
  return command("list", "The sites that you were granted, with state, age and release", [
    ["uniview site list", ""],
    [
      "uniview site list --json | jq -r '.items[] | select(.state != \"fresh\") | .name'",
      "those that are not well",
    ],
  ])
    .addOption(jsonOption())
    .action(
      cli.runs(async ({ json }: { readonly json?: true }) => {
        const client = await cli.client();
        const page = await client.call(endpoints.listSites, { signal: cli.surroundings.signal });
        if (json) cli.printJson(page);
        else if (page.items.length === 0) cli.note("No site yet: add one with `uniview site add`.");
        else cli.print(renderTable(columns(cli.now()), page.items, { paint: cli.paint, width: cli.width }));
        if (!json) {
          for (const { name, problem } of page.items) {
            if (problem) cli.note(`${cli.paint_note("red", "✗")} ${name}: ${harmless(problem.detail)}`);
          }
        }
        return EXIT.ok;
      }),
    );
}

const columns = (now: Date): Column<Site>[] => [
  { title: "Name", cell: ({ name }) => name },
  { title: "State", cell: ({ state }) => siteState(state) },
  { title: "As of", cell: ({ as_of }) => formatAge(as_of, now) },
  { title: "Release", cell: ({ discovery }) => discovery.release.label },
  { title: "Region", cell: ({ region_name }) => region_name },
  { title: "Projects", cell: ({ projects }) => projects.map(({ name }) => name).join(", "), cut: true },
  { title: "Servers", cell: ({ counts }) => counts["servers"], align: "right" },
  {
    title: "Latency",
    cell: ({ latency_ms }) => (latency_ms === null ? "" : `${Math.round(latency_ms)} ms`),
    align: "right",
  },
  { title: "Identity", cell: ({ auth_url }) => auth_url, cut: true },
];
