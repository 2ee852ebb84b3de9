import { buildConsole } from "./console-build.ts";
import { claimDirectory } from "./demo/directory.ts";
import { readDemoOptions } from "./demo/options.ts";
import { DemoSites } from "./demo/sites.ts";
import { startUniview } from "./demo/uniview.ts";
import { say, sayReady } from "./demo/words.ts";

/**
 * Uniview with an embedded PostgreSQL and two simulated sites of different releases, their servers writing to their
 * disks: everything fresh on each start, below one directory, and gone on Ctrl-C.
 */
const options = readDemoOptions(process.argv.slice(2));
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort(signal));

try {
  await using running = new AsyncDisposableStack();
  const dir = await claimDirectory();
  running.defer(() => dir.release());
  await buildConsole();
  say("Starting two sandbox sites …");
  const sites = running.use(await DemoSites.start(dir.path));
  say("Starting Uniview …");
  const uniview = running.use(await startUniview(dir.path, options.port));
  await uniview.addSites(sites.all);
  sayReady(options, uniview, sites.all);
  const ended = await Promise.race([sites.ended, uniview.ended, aborted(stop.signal)]);
  if (ended) throw new Error(ended);
  say("\nStopping …");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
// What is left (idle sockets of fetch) must not keep the process: everything that was started has ended.
process.exit();

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined));
  });
}
