import { parseArgs } from "node:util";

export interface DemoOptions {
  /** One line of JSON on the standard output once ready, and nothing else there. */
  readonly json: boolean;
  readonly port: number;
}

/** Where the demo listens unless that is taken; the same as the server's own default. */
const PORT = 8778;

const HELP = `usage: npm run demo -- [--port ${PORT}] [--json]

  --port PORT  where the console listens (default ${PORT}, or any free one if that is taken; 0 = any free one)
  --json       once ready, print one line of JSON: { "url", "token", "sites": [{ "name", "url", "auth_url", … }] }`;

export function readDemoOptions(args: string[]): DemoOptions {
  try {
    const { values } = parseArgs({
      args,
      options: {
        json: { type: "boolean", default: false },
        port: { type: "string", default: String(PORT) },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Error(`--port: "${values.port}" is not a port; use 0 to 65535.`);
    return { json: values.json, port };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
    process.exit(2);
  }
}
