import { Command, InvalidArgumentError, Option } from "commander";

/** A command with the examples that its help shows: each is a command line and what it does. */
export function command(
  name: string,
  summary: string,
  examples: readonly (readonly [line: string, what: string])[] = [],
): Command {
  const made = new Command(name).description(summary).summary(summary);
  if (examples.length > 0) {
    const width = Math.max(...examples.map(([line]) => line.length));
    const lines = examples.map(([line, what]) => `  $ ${line.padEnd(width)}  ${what}`);
    made.addHelpText("after", `\nExamples:\n${lines.map((line) => line.trimEnd()).join("\n")}`);
  }
  return made;
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
