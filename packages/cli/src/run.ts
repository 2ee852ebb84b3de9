import { Problem } from "@uniview/api";
import { type Command, CommanderError } from "commander";
import { type Cli, createCli } from "./cli.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { renderProblem } from "./output/problem-view.ts";
import { createProgram } from "./program.ts";
import type { Surroundings } from "./surroundings.ts";
import { UsageError } from "./usage-error.ts";

/** Runs one command line (without the program's own name) and tells its exit code; never throws. */
export async function run(words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const cli = createCli(surroundings);
  const json = asksForJson(words);
  try {
    const program = createProgram(cli);
    prepare(program, cli, json);
    await program.parseAsync(words, { from: "user" });
    return cli.exitCode();
  } catch (error) {
    return report(error, cli, json);
  }
}

function report(error: unknown, cli: Cli, json: boolean): ExitCode {
  const say = (problem: Problem) =>
    cli.note(json ? JSON.stringify(problem) : renderProblem(problem.toJSON(), cli.paint_note));
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    // "(outputHelp)": a noun without its verb was answered with help already
    if (json) say(new Problem("invalid-input", error.message.replace(/^error: /, "")));
    return EXIT.usage;
  }
  if (cli.surroundings.signal.aborted) return EXIT.interrupted;
  if (error instanceof UsageError) {
    say(new Problem("invalid-input", error.message, error.remedy ? { remedy: error.remedy } : {}));
    return EXIT.usage;
  }
  if (error instanceof Problem) {
    say(error);
    return EXIT.failed;
  }
  say(
    new Problem(
      "internal-error",
      `uniview failed: ${error instanceof Error ? error.message : String(error)}`,
      {
        remedy:
          "This is a fault of the program: run it again with UNIVIEW_DEBUG=1 and report what it prints.",
      },
    ),
  );
  if (cli.surroundings.env["UNIVIEW_DEBUG"] && error instanceof Error) cli.note(error.stack ?? "");
  return EXIT.failed;
}

/** Commander's settings do not go down to commands that were added ready made. */
function prepare(command: Command, cli: Cli, json: boolean): void {
  const { output, errors } = cli.surroundings;
  command.exitOverride().configureOutput({
    writeOut: (text) => output.write(text),
    writeErr: (text) => {
      if (!json) errors.write(text);
    },
    getOutHelpWidth: () => cli.width ?? 100,
    getErrHelpWidth: () => cli.width ?? 100,
    getOutHasColors: () => true,
    getErrHasColors: () => true,
  });
  command.configureHelp({
    ...command.configureHelp(),
    subcommandTerm: (below) =>
      [
        below.name(),
        ...below.registeredArguments.map((each) => (each.required ? `<${each.name()}>` : `[${each.name()}]`)),
      ].join(" "),
    styleTitle: (text) => cli.paint("bold", text),
    showGlobalOptions: false,
  });
  for (const below of command.commands) prepare(below, cli, json);
}

function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return words.slice(0, end === -1 ? undefined : end).includes("--json");
}
