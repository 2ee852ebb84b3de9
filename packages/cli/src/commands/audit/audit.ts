import { type AuditRow, endpoints } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption, noun, siteOption, wholeNumber } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { type Column, renderTable } from "../../output/table.ts";

/** `uniview audit …`: who changed what. */
export function auditNoun(cli: Cli): Command {
  return noun("audit", "Who changed what, and whether that log is whole", [listAudit(cli), verifyAudit(cli)]);
}

const COLUMNS: Column<AuditRow>[] = [
  { title: "No", cell: ({ seq }) => seq, align: "right" },
  { title: "When", cell: ({ at }) => at },
  { title: "Who", cell: ({ actor_name }) => actor_name, cut: true },
  { title: "What", cell: ({ action }) => action, cut: true },
  { title: "Object", cell: ({ object }) => object, cut: true },
  { title: "Site", cell: ({ site }) => site },
  { title: "Outcome", cell: ({ outcome }) => outcome },
];

interface Filters {
  readonly actor?: string;
  readonly site?: string;
  readonly limit?: number;
  readonly json?: true;
}

function listAudit(cli: Cli): Command {
  return command("list", "Your changes, or everybody's for an administrator, the newest first", [
    ["uniview audit list --actor ada --site zed", ""],
  ])
    .option("--actor <user>", "only of this user")
    .addOption(siteOption())
    .option("--limit <number>", "most rows to print (default: 100)", wholeNumber)
    .addOption(jsonOption())
    .action(
      cli.runs(async ({ json, ...query }: Filters) => {
        const client = await cli.client();
        const page = await client.call(endpoints.listAudit, { query, signal: cli.surroundings.signal });
        if (json) cli.printJson(page);
        else cli.print(renderTable(COLUMNS, page.items, { paint: cli.paint, width: cli.width }));
        return EXIT.ok;
      }),
    );
}

function verifyAudit(cli: Cli): Command {
  return command("verify", "Work out every hash of the audit log anew (administrators only)", [
    ["uniview audit verify", "prints the hash of the last row: keep it elsewhere"],
    ["uniview audit verify --expect 9f86d0…", "that row has to be there still: nothing was cut off"],
  ])
    .option("--expect <hash>", "what an earlier verify printed")
    .addOption(jsonOption())
    .action(
      cli.runs(async ({ expect, json }: { readonly expect?: string; readonly json?: true }) => {
        const client = await cli.client();
        const found = await client.call(endpoints.verifyAudit, {
          query: expect === undefined ? {} : { expected: expect },
          signal: cli.surroundings.signal,
        });
        if (json) cli.printJson(found);
        else if (found.ok) {
          cli.print(`${cli.paint("green", "✓")} All ${found.count} rows hold. Last hash:\n${found.head}`);
        } else {
          cli.print(
            `${cli.paint("red", "✗")} Row ${found.broken_at} is missing or was changed; the ${found.count} before it hold.`,
          );
        }
        return found.ok ? EXIT.ok : EXIT.failed;
      }),
    );
}
