import { createClient, endpoints } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { renderFacts } from "../../output/facts.ts";
import { formatAge } from "../../output/quantities.ts";
import { findConnection } from "../../sign-in/connection.ts";

export function whoami(cli: Cli): Command {
  return command("whoami", "Who you are, and at which Uniview", [["uniview whoami", ""]])
    .addOption(jsonOption())
    .action(
      cli.runs(async ({ json }: { readonly json?: true }) => {
        const { url, token } = await findConnection(cli.surroundings);
        const client = createClient({ base_url: url, token });
        const session = await client.call(endpoints.getSession, { signal: cli.surroundings.signal });
        const { user, expires_at } = session;
        if (json) cli.printJson({ url, ...session });
        else {
          cli.print(
            renderFacts(
              [
                ["name", user.name],
                ["role", user.role],
                ["uniview", url],
                ["since", formatAge(user.created_at, cli.now())],
                ["signed in until", expires_at],
              ],
              cli.paint,
            ),
          );
        }
        return EXIT.ok;
      }),
    );
}
