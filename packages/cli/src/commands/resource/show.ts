import { endpoints } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption, siteOption } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { findOne } from "../../inventory/find-one.ts";
import type { Kind, Row } from "../../inventory/resource-kinds.ts";
import { type Fact, renderFacts } from "../../output/facts.ts";
import { resourceState } from "../../output/state.ts";

/** `uniview <kind> show`, for the kinds that need no view of their own. */
export function showCommand<R extends Row>(cli: Cli, kind: Kind<R>): Command {
  const noun = kind.noun.replace(" ", "-");
  return command("show", `One ${kind.noun} with all that its site says of it`, [
    [`uniview ${noun} show default`, "by name, if only one has it"],
    [`uniview ${noun} show zed/default --json`, "the one of the site zed, with the site's own JSON"],
  ])
    .argument(`<${noun}>`, "id, name, or site/name")
    .addOption(siteOption("the site that it is at"))
    .addOption(jsonOption())
    .action(
      cli.runs(async (wanted: string, options: { readonly site?: string; readonly json?: true }) => {
        const { signal } = cli.surroundings;
        const client = await cli.client();
        const { site, id } = await findOne(client, kind, wanted, { site: options.site, signal });
        const params = { kind: kind.kind, site, id };
        const { item, raw } = await client.call(endpoints.getResource, { params, signal });
        if (options.json) cli.printJson({ ...item, raw });
        else cli.print(renderFacts(Object.entries({ ...firstOf(item), ...item }).map(factOf), cli.paint));
        return EXIT.ok;
      }),
    );
}

/** What is looked for first stands first, whatever the order of the JSON. */
function firstOf(item: Record<string, unknown>): Record<string, unknown> {
  const { name, id, site, project_name, status } = item;
  return { name, id, site, project_name, status };
}

function factOf([key, value]: [string, unknown]): Fact {
  if (key === "status" && typeof value === "string") return [key, resourceState(value)];
  if (Array.isArray(value)) return [key, value.map(oneLine).join(", ")];
  return [key, oneLine(value)];
}

function oneLine(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .filter(([, part]) => part !== null && part !== "")
    .map(([key, part]) => `${key} ${oneLine(part)}`)
    .join(" ");
}
