import { endpoints } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption, yesOption } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { harmless } from "../../output/text-width.ts";
import { askYes, isAttended } from "../../sign-in/ask.ts";

interface Options {
  readonly force?: true;
  readonly yes?: true;
  readonly json?: true;
}

export function removeSite(cli: Cli): Command {
  return command("remove", "Remove a site from Uniview; what Uniview made there is deleted", [
    ["uniview site remove zed", ""],
    ["uniview site remove zed --force", "although it does not answer"],
  ])
    .argument("<site>", "its name")
    .option("--force", "also if the site does not answer: its application credential then stays there")
    .addOption(yesOption())
    .addOption(jsonOption())
    .action(
      cli.runs(async (name: string, { force, yes, json }: Options) => {
        const client = await cli.client();
        if (!yes && !json && isAttended(cli.surroundings)) {
          const sure = await askYes(cli.surroundings, `Remove ${name}? Its servers stay as they are.`);
          if (!sure) return EXIT.failed;
        }
        const query = force ? { force: "true" } : {};
        const removed = await client.call(endpoints.removeSite, {
          params: { name },
          query,
          signal: cli.surroundings.signal,
        });
        if (json) cli.printJson(removed);
        else if (removed.left_behind.length === 0) {
          cli.print(
            `${cli.paint("green", "✓")} ${removed.name} is removed, and nothing of Uniview is left there.`,
          );
        } else {
          cli.print(
            `${cli.paint("yellow", "!")} ${removed.name} is removed. Still there, for you to delete:`,
          );
          for (const left of removed.left_behind) cli.print(`  ${harmless(left)}`);
        }
        return EXIT.ok;
      }),
    );
}
