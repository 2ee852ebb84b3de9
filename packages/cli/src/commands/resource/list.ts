import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption, siteOption, wholeNumber } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import type { ListColumn } from "../../inventory/columns.ts";
import { readList } from "../../inventory/read-list.ts";
import type { Kind, Page, Row } from "../../inventory/resource-kinds.ts";
import { renderFreshness } from "../../output/freshness.ts";
import { count } from "../../output/quantities.ts";
import { renderTable } from "../../output/table.ts";
import { UsageError } from "../../usage-error.ts";

/** Rows that a list prints unless asked for more: a screen or two. */
const USUAL_LIMIT = 100;

interface ListOptions {
  readonly site?: string;
  readonly status?: string;
  readonly sort?: string;
  readonly limit?: number;
  readonly all?: true;
  readonly long?: true;
  readonly columns?: string;
  readonly json?: true;
}

/** `uniview <kind> list`: one list over all sites. */
export function listCommand<R extends Row>(
  cli: Cli,
  kind: Kind<R>,
  columns: (now: Date) => readonly ListColumn<R>[],
): Command {
  const noun = kind.noun.replace(" ", "-");
  const keys = columns(cli.now()).map(({ key }) => key);
  return command(`list`, `All ${kind.plural} of every site that you were granted`, [
    [`uniview ${noun} list`, ""],
    [`uniview ${noun} list web site:zed`, "only those with `web` in them, at the site zed"],
    [`uniview ${noun} list --sort -created_at --limit 10`, "the ten newest"],
    [`uniview ${noun} list --all --json | jq '.items[].id'`, "for programs"],
  ])
    .argument(
      "[query...]",
      "words that must all occur, and filters: site: status: project: id: name: network: flavor: image:",
    )
    .addOption(siteOption())
    .option("--status <status>", "only this status, as OpenStack spells it")
    .option(
      "--sort <field>",
      "name, site, status, created_at, updated_at or project_name; with - before it from the end",
    )
    .option("--limit <number>", `most rows to print (default: ${USUAL_LIMIT})`, wholeNumber)
    .option("--all", "every row")
    .option("--long", "more columns")
    .option("--columns <keys>", `these columns, with commas: ${keys.join(", ")}`)
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nExit code 5: the list was printed, but some site did not answer when it was last read.",
    )
    .action(
      cli.runs(async (words: string[], options: ListOptions) => {
        const chosen = choose(columns(cli.now()), options);
        const list = await readList(await cli.client(), kind, {
          q: queryOf(words, options),
          ...(options.sort === undefined ? {} : { sort: options.sort }),
          ...(options.all ? {} : { limit: options.limit ?? USUAL_LIMIT }),
          signal: cli.surroundings.signal,
        });
        if (options.json) cli.printJson(list);
        else printForPeople(cli, kind, list, chosen);
        return list.sites.some(({ state }) => state === "unreachable") ? EXIT.sites_missing : EXIT.ok;
      }),
    );
}

function queryOf(words: readonly string[], { site, status }: ListOptions): string {
  return [...words, site && `site:${site}`, status && `status:${status.toLowerCase()}`]
    .filter(Boolean)
    .join(" ");
}

function choose<R>(
  columns: readonly ListColumn<R>[],
  { columns: asked, long }: ListOptions,
): readonly ListColumn<R>[] {
  if (asked === undefined) return columns.filter((column) => long || !column.long);
  return asked.split(",").map((key) => {
    const column = columns.find((each) => each.key === key.trim().toLowerCase());
    if (column) return column;
    throw new UsageError(
      `There is no column "${key}".`,
      `There are: ${columns.map((each) => each.key).join(", ")}.`,
    );
  });
}

function printForPeople<R extends Row>(
  cli: Cli,
  kind: Kind<R>,
  { items, sites, total, next_cursor }: Page<R>,
  columns: readonly ListColumn<R>[],
): void {
  if (items.length > 0) cli.print(renderTable(columns, items, { paint: cli.paint, width: cli.width }));
  else
    cli.note(sites.length > 0 ? `No ${kind.plural} match.` : "No site yet: add one with `uniview site add`.");
  const freshness = renderFreshness(sites, cli.paint_note, cli.now());
  if (next_cursor !== undefined) {
    const all = `${total.exact ? "" : "about "}${count(total.count, kind.noun, kind.plural)}`;
    cli.note(cli.paint_note("dim", `${items.length} of ${all}; --all prints every one`));
  }
  cli.note(freshness);
}
