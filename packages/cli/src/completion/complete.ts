import type { Argument, Command, Option } from "commander";

/** What completes an argument or an option's value, by its name in angle brackets: `<site>`, `<server>`, … */
export type ValueSource = (begun: string) => Promise<readonly string[]>;
export type ValueSources = Readonly<Record<string, ValueSource>>;

/**
 * What may stand where the cursor is. The words are those after the program's name; the last one is being written, and
 * may be empty. Follows the tree of commands itself, so that a new command needs no line here.
 */
export async function complete(
  program: Command,
  words: readonly string[],
  sources: ValueSources,
): Promise<string[]> {
  const begun = words.at(-1) ?? "";
  let command = program;
  let taken = 0; // arguments of the command that are written already
  let open: Option | undefined; // an option that waits for its value
  for (const word of words.slice(0, -1)) {
    if (open) {
      open = undefined;
      continue;
    }
    const option = word.startsWith("-") ? optionOf(command, word) : undefined;
    if (option) {
      open = takesValue(option) && !word.includes("=") ? option : undefined;
      continue;
    }
    const below = taken === 0 ? command.commands.find((each) => each.name() === word) : undefined;
    if (below) command = below;
    else taken += 1;
  }
  const candidates = await candidatesAt(command, taken, open, begun, sources);
  return candidates.filter((candidate) => candidate.startsWith(begun)).sort();
}

async function candidatesAt(
  command: Command,
  taken: number,
  open: Option | undefined,
  begun: string,
  sources: ValueSources,
): Promise<readonly string[]> {
  if (open) return open.argChoices ?? (await valuesOf(/<(.+)>/.exec(open.flags)?.[1], begun, sources));
  if (begun.startsWith("-")) return [...command.options, HELP].flatMap(({ long }) => long ?? []);
  if (command.commands.length > 0) {
    const visible = command.createHelp().visibleCommands(command);
    // `help` is worth a place beside the nouns, not among the verbs of each
    return visible.map((each) => each.name()).filter((name) => name !== "help" || !command.parent);
  }
  const argument: Argument | undefined = command.registeredArguments[taken] ?? lastIfVariadic(command);
  return argument?.argChoices ?? (await valuesOf(argument?.name(), begun, sources));
}

async function valuesOf(
  name: string | undefined,
  begun: string,
  sources: ValueSources,
): Promise<readonly string[]> {
  const source = name === undefined ? undefined : sources[name];
  return source ? await source(begun) : [];
}

const HELP = { long: "--help" };

function optionOf(command: Command, word: string): Option | undefined {
  const [flag] = word.split("=", 1);
  return command.options.find(({ long, short }) => long === flag || short === flag);
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function lastIfVariadic({ registeredArguments }: Command): Argument | undefined {
  const last = registeredArguments.at(-1);
  return last?.variadic ? last : undefined;
}
