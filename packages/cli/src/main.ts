import { homedir, hostname } from "node:os";
import { EXIT } from "./exit-codes.ts";
import { run } from "./run.ts";

const interrupt = new AbortController();
process.on("SIGINT", () => {
  // the first Ctrl-C lets the command say where things stand; the second is for those who cannot wait
  if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
  interrupt.abort();
});
// `uniview server list | head`: the reader has what it wants
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.ok);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
  host_name: hostname(),
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  signal: interrupt.signal,
});
