import { HELP, readConfig } from "./config.ts";
import { keepHeapSmall } from "./small-heap.ts";

/** A second signal, or a shutdown that hangs so long, ends the process at once: jobs go on at the next start anyway. */
const SHUTDOWN_PATIENCE_MS = 20_000;
/** Ctrl-C comes from the terminal, from npm and from whoever else hands it on: what comes together is one signal. */
const ONE_SIGNAL_MS = 1_000;

keepHeapSmall();
// only now, for what it takes to load the server would make the heap large already
const { createServer } = await import("./server.ts");
const config = readOrExit();
const starting = createServer(config);

let asked_at: number | undefined;
const shutDown = (exit_code: number) => {
  if (asked_at !== undefined) {
    if (performance.now() - asked_at > ONE_SIGNAL_MS) process.exit(exit_code);
    return;
  }
  asked_at = performance.now();
  setTimeout(() => process.exit(1), SHUTDOWN_PATIENCE_MS).unref();
  // what is half started is started first: only then is it known what has to be stopped
  starting
    .then((server) => server.close())
    .then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
};
process.on("SIGINT", () => shutDown(130));
process.on("SIGTERM", () => shutDown(143));

const server = await starting.catch((error: unknown) => {
  process.stderr.write(`Uniview could not start: ${reasonOf(error)}\n`);
  if (config.log_level === "debug" || config.log_level === "trace") console.error(error);
  process.exit(1);
});
process.stdout.write(`Uniview listens on ${config.public_url ?? server.url}\n`);
if (server.setup_link) {
  process.stdout.write(`Create the administrator (link works once, for 24 hours):\n  ${server.setup_link}\n`);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!("code" in error && error.code === "EADDRINUSE")) return error.message;
  return `something listens on ${config.host} port ${config.port} already; choose another one with --port.`;
}

function readOrExit() {
  try {
    const read = readConfig(process.argv.slice(2), process.env);
    if (read) return read;
    process.stdout.write(HELP);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    process.exit(2);
  }
}
