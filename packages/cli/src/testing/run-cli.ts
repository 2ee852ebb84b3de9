import { Readable } from "node:stream";
import type { ExitCode } from "../exit-codes.ts";
import { run } from "../run.ts";

export interface RunOptions {
  readonly url?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly home?: string;
  readonly input?: string;
  readonly signal?: AbortSignal;
  readonly on_note?: (text: string) => void;
}

export interface Ran {
  readonly exit_code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, as a pipe would see it. */
export async function runCli(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  let out = "";
  let err = "";
  const home = options.home ?? "/nonexistent";
  const exit_code = await run(words, {
    env: { ...(options.url ? { UNIVIEW_URL: options.url, UNIVIEW_TOKEN: "uvt_test" } : {}), ...options.env },
    cwd: home,
    home,
    host_name: "laptop",
    input: Readable.from(options.input === undefined ? [] : [options.input]),
    output: { write: (text) => (out += text) },
    errors: {
      write(text) {
        err += text;
        options.on_note?.(text);
      },
    },
    signal: options.signal ?? new AbortController().signal,
  });
  return { exit_code, out, err };
}
