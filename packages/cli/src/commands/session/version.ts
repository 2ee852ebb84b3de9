import { createClient, endpoints, Problem } from "@uniview/api";
import type { Command } from "commander";
import manifest from "../../../package.json" with { type: "json" };
import type { Cli } from "../../cli.ts";
import { command, jsonOption } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { findConnection } from "../../sign-in/connection.ts";

export const VERSION = manifest.version;

export function version(cli: Cli): Command {
  return command("version", "The version of this program and of the Uniview that it talks to", [
    ["uniview version", ""],
  ])
    .addOption(jsonOption())
    .action(
      cli.runs(async ({ json }: { readonly json?: true }) => {
        const server = await serverVersion(cli);
        if (json) cli.printJson({ cli: VERSION, node: process.versions.node, server });
        else {
          cli.print(`uniview ${VERSION} (Node ${process.versions.node})`);
          cli.print(server === null ? "" : `server  ${server}`);
        }
        return EXIT.ok;
      }),
    );
}

/** null where there is none, or none that answers: the program's own version is told all the same. */
async function serverVersion(cli: Cli): Promise<string | null> {
  try {
    const { url } = await findConnection(cli.surroundings);
    const status = await createClient({ base_url: url }).call(endpoints.getStatus, {
      signal: cli.surroundings.signal,
    });
    return status.version;
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}
