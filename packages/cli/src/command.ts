import { Command, InvalidArgumentError, Option } from "commander";

type Example = readonly [line: string, what: string];

/** A command with the examples that its help shows: each is a command line and what it does. */
export function command(name: string, summary: string, examples: readonly Example[] = []): Command {
  const made = new Command(name).description(summary).summary(summary);
  if (examples.length > 0) made.addHelpText("after", `\nExamples:\n${renderExamples(examples)}`);
  return made;
}

/** The widest line of help: beyond it, what an example does stands below it. */
const HELP_WIDTH = 100;

function renderExamples(examples: readonly Example[]): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  const beside = examples.every(([, what]) => 6 + width + what.length <= HELP_WIDTH);
  return examples
    .map(([line, what]) => {
      if (what === "") return `  $ ${line}`;
      return beside ? `  $ ${line.padEnd(width)}  ${what}` : `  $ ${line}\n      ${what}`;
    })
    .join("\n");
}

/** A noun: nothing by itself, its verbs below it. */
export function noun(name: string, summary: string, verbs: readonly Command[]): Command {
  const made = new Command(name).description(summary).summary(summary);
  for (const verb of verbs) made.addCommand(verb);
  return made;
}

export function jsonOption(): Option {
  return new Option("--json", "print JSON, also for errors");
}

/** `--yes`, for scripts and for those who are sure. */
export function yesOption(): Option {
  return new Option("-y, --yes", "do not ask");
}

export function siteOption(description = "only this site"): Option {
  return new Option("--site <site>", description);
}

export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It must be a whole number above 0.");
  return Number(text);
}
