import { type Client, createClient } from "@uniview/api";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { type Paint, paintFor } from "./output/paint.ts";
import { findConnection } from "./sign-in/connection.ts";
import type { Surroundings } from "./surroundings.ts";

/** One run of the program: what every command is handed. */
export interface Cli {
  readonly surroundings: Surroundings;
  /** For standard output and for standard error: one may be a terminal while the other is not. */
  readonly paint: Paint;
  readonly paint_note: Paint;
  /** Columns of the terminal that standard output is; undefined for a pipe. */
  readonly width: number | undefined;
  now(): Date;
  /** @throws Problem `not-signed-in` */
  client(): Promise<Client>;
  /** What was asked for: standard output. */
  print(text: string): void;
  printJson(value: unknown): void;
  /** Everything else: standard error. */
  note(text: string): void;
  /** Makes an action of commander's out of one that returns its exit code. */
  runs<Args extends unknown[]>(
    action: (...args: Args) => Promise<ExitCode | undefined>,
  ): (...args: Args) => Promise<void>;
  exitCode(): ExitCode;
}

/** A terminal that does not say how wide it is. */
const USUAL_WIDTH = 80;

export function createCli(surroundings: Surroundings): Cli {
  const { env, output, errors } = surroundings;
  let exit_code: ExitCode = EXIT.ok;
  const print = (text: string) => {
    if (text !== "") output.write(`${text}\n`);
  };
  return {
    surroundings,
    paint: paintFor(output, env),
    paint_note: paintFor(errors, env),
    width: output.isTTY ? (output.columns ?? USUAL_WIDTH) : undefined,
    now: () => new Date(),
    async client() {
      const { url, token } = await findConnection(surroundings);
      return createClient({ base_url: url, token });
    },
    print,
    printJson: (value) => print(JSON.stringify(value, null, 2)),
    note(text) {
      if (text !== "") errors.write(`${text}\n`);
    },
    runs:
      (action) =>
      async (...args) => {
        exit_code = (await action(...args)) ?? EXIT.ok;
      },
    exitCode: () => exit_code,
  };
}
