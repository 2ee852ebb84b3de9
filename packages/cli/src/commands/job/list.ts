import { endpoints, type Job, MAX_PAGE } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption, siteOption, wholeNumber } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { formatAge, formatDuration } from "../../output/quantities.ts";
import { progressState } from "../../output/state.ts";
import { type Column, renderTable } from "../../output/table.ts";

const USUAL_LIMIT = 20;

interface Options {
  readonly status?: string;
  readonly site?: string;
  readonly server?: string;
  readonly limit: number;
  readonly json?: true;
}

export function listJobs(cli: Cli): Command {
  return command("list", "Your jobs, the newest first", [
    ["uniview job list", ""],
    ["uniview job list --status running,waiting", "those that are at work"],
    ["uniview job list --status stuck", "those that need a person"],
  ])
    .option(
      "--status <status>",
      "one or more of queued, running, waiting, undoing, succeeded, undone, cancelled, stuck, with commas",
    )
    .addOption(siteOption("only those that read from or write to this site"))
    .option("--server <id>", "only those about this server, by its id")
    .option("--limit <number>", "most jobs to print", wholeNumber, USUAL_LIMIT)
    .addOption(jsonOption())
    .action(
      cli.runs(async ({ status, site, server, limit, json }: Options) => {
        const { signal } = cli.surroundings;
        const filter = {
          ...(status === undefined ? {} : { status }),
          ...(site === undefined ? {} : { site }),
          ...(server === undefined ? {} : { server_id: server }),
        };
        const client = await cli.client();
        const items: Job[] = [];
        let cursor: string | undefined;
        do {
          const query = {
            ...filter,
            limit: Math.min(MAX_PAGE, limit - items.length),
            ...(cursor ? { cursor } : {}),
          };
          const page = await client.call(endpoints.listJobs, { query, signal });
          items.push(...page.items);
          cursor = page.next_cursor;
        } while (cursor !== undefined && items.length < limit);
        if (json) cli.printJson({ items, ...(cursor === undefined ? {} : { next_cursor: cursor }) });
        else if (items.length === 0) cli.note("No jobs.");
        else cli.print(renderTable(columns(cli.now()), items, { paint: cli.paint, width: cli.width }));
        if (cursor !== undefined && !json)
          cli.note(cli.paint_note("dim", "There are older ones: --limit prints more."));
        return EXIT.ok;
      }),
    );
}

const columns = (now: Date): Column<Job>[] => [
  { title: "Job", cell: ({ title }) => title, cut: true },
  { title: "Status", cell: ({ status }) => progressState(status) },
  {
    title: "Now at",
    cell: ({ ended_at, current_step }) => (ended_at === null ? current_step : ""),
    cut: true,
  },
  { title: "Done", cell: shareDone, align: "right" },
  { title: "Started", cell: ({ started_at, created_at }) => formatAge(started_at ?? created_at, now) },
  {
    title: "Took",
    cell: ({ started_at, ended_at }) =>
      started_at && ended_at ? formatDuration((Date.parse(ended_at) - Date.parse(started_at)) / 1000) : "",
    align: "right",
  },
  { title: "ID", cell: ({ id }) => id },
];

function shareDone({ status, progress }: Job): string {
  if (status === "succeeded" || !progress?.bytes_total) return "";
  return `${Math.floor((progress.bytes_done / progress.bytes_total) * 100)}%`;
}
