import { parseArgs } from "node:util";
import type { SandboxOptions } from "./options.ts";
import { isReleaseName, RELEASES } from "./releases.ts";
import { startSandbox } from "./sandbox.ts";

const USAGE = `usage: node main.ts --name NAME --release ${Object.keys(RELEASES).join("|")} --dir DIR
  [--port 0] [--host 127.0.0.1] [--seed demo|empty] [--region NAME] [--keep-state]
  [--layout-of RELEASE] [--service compute=RELEASE]… (a site that was upgraded, wholly or service by service)`;

/** Runs one site until SIGTERM or SIGINT; prints one line of JSON when it answers. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      name: { type: "string" },
      release: { type: "string" },
      dir: { type: "string" },
      port: { type: "string", default: "0" },
      host: { type: "string", default: "127.0.0.1" },
      seed: { type: "string", default: "demo" },
      region: { type: "string" },
      "keep-state": { type: "boolean", default: false },
      "layout-of": { type: "string" },
      service: { type: "string", multiple: true, default: [] },
    },
  });
  const { name, release, dir, seed, region } = values;
  if (name === undefined || dir === undefined || release === undefined || !isReleaseName(release)) {
    throw new Error(USAGE);
  }
  if (seed !== "demo" && seed !== "empty") throw new Error(USAGE);
  const layout_of = values["layout-of"];
  if (layout_of !== undefined && !isReleaseName(layout_of)) throw new Error(USAGE);
  const sandbox = await startSandbox({
    name,
    release,
    dir,
    seed,
    port: Number(values.port),
    host: values.host,
    keep_state: values["keep-state"],
    services: readServices(values.service),
    ...(layout_of === undefined ? {} : { layout_of }),
    ...(region === undefined ? {} : { region_name: region }),
  });
  const { url, auth_url, port, clouds_yaml } = sandbox;
  process.stdout.write(`${JSON.stringify({ name, url, auth_url, port, clouds_yaml, dir })}\n`);
  let closing = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (closing) return;
      closing = true;
      void sandbox.close().then(() => process.exit(0));
    });
  }
}

/** `compute=2025.1` */
function readServices(texts: readonly string[]): NonNullable<SandboxOptions["services"]> {
  const pairs = texts.map((text) => {
    const [service = "", release = ""] = text.split("=");
    if (!isService(service) || !isReleaseName(release)) throw new Error(USAGE);
    return [service, release] as const;
  });
  return Object.fromEntries(pairs);
}

const SERVICES = ["identity", "compute", "block-storage", "image", "placement"] as const;

function isService(name: string): name is (typeof SERVICES)[number] {
  return (SERVICES as readonly string[]).includes(name);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
