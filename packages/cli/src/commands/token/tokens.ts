import { type ApiToken, endpoints } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption, noun, wholeNumber } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { formatAge } from "../../output/quantities.ts";
import { type Column, renderTable } from "../../output/table.ts";
import { pickNamed } from "../pick-named.ts";

/** `uniview token …`: API tokens for this program and for scripts. */
export function tokenNoun(cli: Cli): Command {
  return noun("token", "Your API tokens", [listTokens(cli), createToken(cli), revokeToken(cli)]);
}

function listTokens(cli: Cli): Command {
  return command("list", "Your API tokens", [["uniview token list", ""]])
    .addOption(jsonOption())
    .action(
      cli.runs(async ({ json }: { readonly json?: true }) => {
        const client = await cli.client();
        const page = await client.call(endpoints.listTokens, { signal: cli.surroundings.signal });
        if (json) cli.printJson(page);
        else cli.print(renderTable(columns(cli.now()), page.items, { paint: cli.paint, width: cli.width }));
        return EXIT.ok;
      }),
    );
}

function createToken(cli: Cli): Command {
  return command("create", "Make an API token; it is shown once", [
    ["uniview token create backup-script --expires-in 90", "days"],
    ["export UNIVIEW_TOKEN=$(uniview token create ci)", "standard output is the token alone"],
  ])
    .argument("<name>", "what it is for")
    .option("--expires-in <days>", "days that it is valid (default: until it is revoked)", wholeNumber)
    .addOption(jsonOption())
    .action(
      cli.runs(
        async (name: string, { expiresIn, json }: { readonly expiresIn?: number; readonly json?: true }) => {
          const client = await cli.client();
          const body = { name, expires_in_days: expiresIn ?? null };
          const made = await client.call(endpoints.createToken, { body, signal: cli.surroundings.signal });
          if (json) cli.printJson(made);
          else {
            cli.print(made.token);
            cli.note(cli.paint_note("dim", "Keep it now: Uniview has only a hash of it."));
          }
          return EXIT.ok;
        },
      ),
    );
}

function revokeToken(cli: Cli): Command {
  return command("revoke", "Revoke an API token", [["uniview token revoke backup-script", ""]])
    .argument("<token>", "its id or name")
    .action(
      cli.runs(async (wanted: string) => {
        const { signal } = cli.surroundings;
        const client = await cli.client();
        const { items } = await client.call(endpoints.listTokens, { signal });
        const { id, name } = pickNamed(items, wanted, "token");
        await client.call(endpoints.deleteToken, { params: { id }, signal });
        cli.print(`${cli.paint("green", "✓")} The token ${name} is revoked.`);
        return EXIT.ok;
      }),
    );
}

const columns = (now: Date): Column<ApiToken>[] => [
  { title: "Name", cell: ({ name }) => name, cut: true },
  { title: "Created", cell: ({ created_at }) => formatAge(created_at, now) },
  { title: "Last used", cell: ({ last_used_at }) => formatAge(last_used_at, now) },
  { title: "Expires", cell: ({ expires_at }) => expires_at ?? "never" },
  { title: "ID", cell: ({ id }) => id },
];
