import type { Readable, Writable } from "node:stream";
import { confirm, isCancel, password, text } from "@clack/prompts";
import type { Surroundings } from "../surroundings.ts";
import { UsageError } from "../usage-error.ts";

/** Asks on the terminal; where there is none, says with which option the answer can be given. */
export async function askSecret(surroundings: Surroundings, what: string, option: string): Promise<string> {
  return answer(await password({ message: what, ...terminalOf(surroundings, what, option) }));
}

export async function askText(
  surroundings: Surroundings,
  what: string,
  option: string,
  initialValue = "",
): Promise<string> {
  return answer(await text({ message: what, initialValue, ...terminalOf(surroundings, what, option) }));
}

export async function askYes(surroundings: Surroundings, what: string): Promise<boolean> {
  const yes = await confirm({
    message: what,
    initialValue: false,
    ...terminalOf(surroundings, what, "--yes"),
  });
  return yes === true;
}

/** Both ends are a terminal: somebody is there to be asked. */
export function isAttended({ input, errors }: Surroundings): boolean {
  return input.isTTY === true && errors.isTTY === true;
}

function terminalOf(surroundings: Surroundings, what: string, option: string) {
  if (!isAttended(surroundings)) {
    throw new UsageError(`${what}: there is no terminal to ask at.`, `Give it with ${option}.`);
  }
  // a terminal on both ends: these are the process's own streams
  return {
    input: surroundings.input as Readable,
    output: surroundings.errors as Writable,
    signal: surroundings.signal,
  };
}

function answer(given: string | symbol | undefined): string {
  if (typeof given === "string") return given;
  throw new UsageError(isCancel(given) ? "Given up." : "No answer was given.");
}
