import { createClient, endpoints, Problem } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { readConfig, removeConfig } from "../../sign-in/config-file.ts";

export function logout(cli: Cli): Command {
  return command("logout", "Revoke the token that login made, and forget it", [
    ["uniview logout", ""],
  ]).action(
    cli.runs(async () => {
      const config = await readConfig(cli.surroundings);
      if (!config) {
        cli.note("You were not signed in.");
        return EXIT.ok;
      }
      const { url, token, token_id } = config;
      if (token_id !== undefined) {
        const client = createClient({ base_url: url, token });
        await client.call(endpoints.deleteToken, { params: { id: token_id } }).catch((error: unknown) => {
          // a token that is gone already, or a Uniview that is: forgetting it here is what counts
          if (!(error instanceof Problem)) throw error;
          if (error.slug !== "not-signed-in" && error.slug !== "not-found") {
            cli.note(`${cli.paint_note("yellow", "!")} The token was not revoked: ${error.message}`);
          }
        });
      }
      await removeConfig(cli.surroundings);
      cli.print(`${cli.paint("green", "✓")} Signed out of ${url}.`);
      return EXIT.ok;
    }),
  );
}
