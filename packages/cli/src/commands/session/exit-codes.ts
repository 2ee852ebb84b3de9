import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { EXIT, EXIT_CODE_TABLE } from "../../exit-codes.ts";

/** `uniview help exit-codes`. */
export function exitCodes(cli: Cli): Command {
  return new Command("exit-codes")
    .description(EXIT_CODE_TABLE)
    .usage(" ")
    .configureHelp({ formatHelp: () => `${EXIT_CODE_TABLE}\n` })
    .action(
      cli.runs(async () => {
        cli.print(EXIT_CODE_TABLE);
        return EXIT.ok;
      }),
    );
}
