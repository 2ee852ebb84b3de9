import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { formatAge, formatBytes } from "../../output/quantities.ts";
import { type Column, renderTable } from "../../output/table.ts";
import { harmless } from "../../output/text-width.ts";
import { type FoundPoint, readPoints } from "../../repository/find-point.ts";
import { atPlace } from "../../repository/open-place.ts";
import { type PlaceOptions, withPlaceOptions } from "../../repository/place-options.ts";

export function listRepositoryPoints(cli: Cli): Command {
  const points = command("points", "The recovery points of a repository, without a server", [
    ["uniview repository points --repository /srv/backups --key-file backups.key", ""],
    [
      "uniview repository points --json | jq '.items[-1].description'",
      "how to build the last one's server again",
    ],
  ]);
  return withPlaceOptions(points).action(
    cli.runs((options: PlaceOptions) =>
      atPlace(cli, options, "read", async ({ engine, vaults }) => {
        const { found, damaged } = await readPoints(engine, await vaults());
        if (options.json)
          cli.printJson({
            items: found.map(({ vault, point }) => ({ tenant: vault.tenant, ...point })),
            damaged,
          });
        else if (found.length === 0) cli.note("There is no recovery point.");
        else cli.print(renderTable(columns(cli.now()), found, { paint: cli.paint, width: cli.width }));
        if (!options.json)
          for (const each of damaged) cli.note(`${cli.paint_note("red", "✗")} ${harmless(each)}`);
        return damaged.length > 0 ? EXIT.needs_a_person : EXIT.ok;
      }),
    ),
  );
}

const columns = (now: Date): Column<FoundPoint>[] => [
  { title: "Point", cell: ({ point }) => point.id },
  { title: "Taken at", cell: ({ point }) => point.taken_at },
  { title: "Age", cell: ({ point }) => formatAge(point.taken_at, now) },
  { title: "Tenant", cell: ({ vault }) => vault.tenant },
  {
    title: "Labels",
    cell: ({ point }) =>
      Object.entries(point.labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(" "),
    cut: true,
  },
  {
    title: "Disks",
    cell: ({ point }) =>
      point.disks.map(({ name, size_bytes }) => `${name} ${formatBytes(size_bytes)}`).join(", "),
    cut: true,
  },
  {
    title: "Data",
    cell: ({ point }) => formatBytes(point.disks.reduce((sum, { data_bytes }) => sum + data_bytes, 0)),
    align: "right",
  },
];
