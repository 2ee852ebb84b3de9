import { Argument, Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { complete } from "../../completion/complete.ts";
import { SHELL_SCRIPTS, SHELLS, type Shell } from "../../completion/shell-scripts.ts";
import { valueSources } from "../../completion/value-sources.ts";
import { EXIT } from "../../exit-codes.ts";

export function completion(cli: Cli): Command {
  return command("completion", "Print the completion script of a shell", [
    ["source <(uniview completion bash)", "in ~/.bashrc"],
    ["source <(uniview completion zsh)", "in ~/.zshrc, after compinit"],
  ])
    .addArgument(new Argument("<shell>", "whose").choices(SHELLS))
    .action(
      cli.runs(async (shell: Shell) => {
        cli.print(SHELL_SCRIPTS[shell].trimEnd());
        return EXIT.ok;
      }),
    );
}

/** What the scripts call; hidden from people. */
export function completeHidden(cli: Cli, program: Command): Command {
  return new Command("__complete").argument("[words...]").action(
    cli.runs(async (words: string[]) => {
      cli.print((await complete(program, words, valueSources(cli))).join("\n"));
      return EXIT.ok;
    }),
  );
}
