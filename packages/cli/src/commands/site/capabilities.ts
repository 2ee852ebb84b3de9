import { type CapabilityRow, endpoints } from "@uniview/api";
import { type Command, Option } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption } from "../../command.ts";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import { renderMatrix, renderSiteCapabilities } from "../../output/capability-view.ts";
import { harmless } from "../../output/text-width.ts";
import { UsageError } from "../../usage-error.ts";

interface Options {
  readonly differences?: true;
  readonly probe?: true;
  readonly thorough?: true;
  readonly json?: true;
}

export function siteCapabilities(cli: Cli): Command {
  return command("capabilities", "What may be done at every site side by side, or at one, and how", [
    ["uniview site capabilities", "every site side by side, and what changed"],
    ["uniview site capabilities --differences", "only where sites differ"],
    ["uniview site capabilities zed", "one site, with the way of each operation and its price"],
    ["uniview site capabilities zed --probe", "find out again now; changes nothing at the site"],
  ])
    .argument("[site]", "its name; all sites without one")
    .option("--differences", "only what is not the same in every project of every site")
    .option("--probe", "find out again now, by documents, lists and requests that cannot succeed")
    .addOption(
      new Option("--thorough", "with --probe: also make a volume of 1 GiB and a snapshot, and remove them"),
    )
    .addOption(jsonOption())
    .action(
      cli.runs(async (site: string | undefined, options: Options) => {
        checkOptions(site, options);
        return site === undefined ? showAll(cli, options) : showOne(cli, site, options);
      }),
    );
}

function checkOptions(site: string | undefined, { probe, thorough }: Options): void {
  if (probe && site === undefined) throw new UsageError("--probe needs the name of a site.");
  if (thorough && !probe) throw new UsageError("--thorough goes with --probe only.");
}

async function showAll(cli: Cli, { differences, json }: Options): Promise<ExitCode> {
  const client = await cli.client();
  const matrix = await client.call(endpoints.getCapabilities, { signal: cli.surroundings.signal });
  const shown = { ...matrix, rows: chosen(matrix.rows, differences) };
  if (json) cli.printJson(shown);
  else cli.print(renderMatrix(shown, { paint: cli.paint, width: cli.width, now: cli.now() }));
  if (json) return EXIT.ok;
  if (matrix.columns.length === 0) cli.note("No site yet: add one with `uniview site add`.");
  for (const { site, project_name, probed_at, problems } of matrix.columns) {
    if (probed_at === null) cli.note(`${site}: project ${harmless(project_name)} is not probed yet.`);
    for (const { service, problem } of problems) {
      cli.note(`${cli.paint_note("yellow", "!")} ${site}: ${service}: ${harmless(problem)}`);
    }
  }
  return EXIT.ok;
}

async function showOne(
  cli: Cli,
  name: string,
  {
    differences,
    json,
    probe,
    thorough = false,
  }: { differences?: true; json?: true; probe?: true; thorough?: boolean },
): Promise<ExitCode> {
  const client = await cli.client();
  const { signal } = cli.surroundings;
  const params = { name };
  const found = probe
    ? await client.call(endpoints.probeSite, { params, body: { thorough }, signal })
    : { ...(await client.call(endpoints.getSiteCapabilities, { params, signal })), left_behind: [] };
  const shown = { ...found, rows: chosen(found.rows, differences) };
  if (json) cli.printJson(shown);
  else cli.print(renderSiteCapabilities(shown, { paint: cli.paint, width: cli.width, now: cli.now() }));
  for (const what of found.left_behind) cli.note(`${cli.paint_note("red", "✗")} ${harmless(what)}`);
  return found.left_behind.length > 0 ? EXIT.needs_a_person : EXIT.ok;
}

function chosen(rows: readonly CapabilityRow[], differences: true | undefined): CapabilityRow[] {
  return rows.filter(({ differs }) => !differences || differs);
}
