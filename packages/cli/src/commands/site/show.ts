import { endpoints } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { renderSite } from "../../output/site-view.ts";

export function showSite(cli: Cli): Command {
  return view(
    cli,
    "show",
    endpoints.getSite,
    "One site with its services, versions, release and limitations",
  );
}

export function checkSite(cli: Cli): Command {
  return view(cli, "check", endpoints.checkSite, "Discover a site again now, and say what was found");
}

function view(
  cli: Cli,
  verb: "show" | "check",
  endpoint: typeof endpoints.getSite | typeof endpoints.checkSite,
  summary: string,
): Command {
  return command(verb, summary, [
    [`uniview site ${verb} zed`, ""],
    [`uniview site ${verb} zed --json | jq .discovery.services`, ""],
  ])
    .argument("<site>", "its name")
    .addOption(jsonOption())
    .action(
      cli.runs(async (name: string, { json }: { readonly json?: true }) => {
        const client = await cli.client();
        const site = await client.call(endpoint, { params: { name }, signal: cli.surroundings.signal });
        if (json) cli.printJson(site);
        else cli.print(renderSite(site, { paint: cli.paint, width: cli.width, now: cli.now() }));
        return verb === "check" && site.state === "unreachable" ? EXIT.failed : EXIT.ok;
      }),
    );
}
