import { endpoints } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption, siteOption } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { findOne } from "../../inventory/find-one.ts";
import { servers } from "../../inventory/resource-kinds.ts";
import { renderServer } from "../../output/server-view.ts";

export function showServer(cli: Cli): Command {
  return command("show", "One server with its addresses, volumes and ports", [
    ["uniview server show web-1", "by name, if only one has it"],
    ["uniview server show zed/web-1", "the one of the site zed"],
    ["uniview server show web-1 --json | jq .raw", "the site's own JSON"],
  ])
    .argument("<server>", "id, name, or site/name")
    .addOption(siteOption("the site that it is at"))
    .addOption(jsonOption())
    .action(
      cli.runs(async (wanted: string, options: { readonly site?: string; readonly json?: true }) => {
        const { signal } = cli.surroundings;
        const client = await cli.client();
        const { site, id } = await findOne(client, servers, wanted, { site: options.site, signal });
        const detail = await client.call(endpoints.getServer, { params: { site, id }, signal });
        const { item, ...rest } = detail;
        if (options.json) cli.printJson({ ...item, ...rest });
        else cli.print(renderServer(detail, cli.paint, cli.now()));
        return EXIT.ok;
      }),
    );
}
