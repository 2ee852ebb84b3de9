/** What a command may touch of the process that it runs in: handed in, so that a test can run commands side by side. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly host_name: string;
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: Sink;
  readonly errors: Sink;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Where text goes; a terminal says how wide it is. */
export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** The whole of standard input, without the line end that `echo` adds. */
export async function readAll(input: NodeJS.ReadableStream): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of input) parts.push(Buffer.from(part));
  return Buffer.concat(parts)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}
