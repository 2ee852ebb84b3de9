import type { DiskFiles, DiskPart, FileEntry } from "@uniview/repository";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { resolvePath } from "../../clouds/find-clouds-yaml.ts";
import { command } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { count, formatBytes } from "../../output/quantities.ts";
import { type Column, renderTable } from "../../output/table.ts";
import { findPoint } from "../../repository/find-point.ts";
import { atPlace } from "../../repository/open-place.ts";
import { pickDisk } from "../../repository/pick-disk.ts";
import { type PlaceOptions, withPlaceOptions } from "../../repository/place-options.ts";
import { UsageError } from "../../usage-error.ts";

interface Options extends PlaceOptions {
  readonly disk?: string;
  readonly part?: string;
  readonly to?: string;
  readonly scratchDir?: string;
}

export function filesOfRepository(cli: Cli): Command {
  const files = command("files", "List files in a disk of a recovery point, or restore them with --to", [
    ["uniview repository files latest", "the root of its only filesystem, or its partitions"],
    ["uniview repository files latest /etc --part gpt1 --to etc-of-web", "a folder with all in it"],
  ])
    .argument("<point>", "its id, the first digits of it, or `latest`")
    .argument("[path]", "a folder or a file in it")
    .option("--disk <name>", "its name, or its number from 0 on; needed when there are several")
    .option("--part <name>", "a partition or volume; needed when several have a filesystem")
    .option("--to <path>", "restore to this path, which is not there yet: contents and times, not owners")
    .option("--scratch-dir <folder>", "where the disk is exported to on machines without FUSE");
  return withPlaceOptions(files).action(
    cli.runs((meant: string, path: string | undefined, options: Options) =>
      atPlace(cli, options, "read", async ({ engine, vaults }) => {
        const { vault, point } = await findPoint(engine, await vaults(), meant);
        await using open = await engine.openDiskFiles(vault, pickDisk(point, options.disk), {
          signal: cli.surroundings.signal,
          ...(options.scratchDir ? { scratch_dir: resolvePath(cli.surroundings, options.scratchDir) } : {}),
        });
        const parts = await open.parts();
        const part = partOf(parts, options.part);
        if (part === undefined) {
          if (path !== undefined || options.to !== undefined) throw severalParts(parts);
          printParts(cli, parts, options);
        } else if (options.to === undefined) await printFiles(cli, open, part, path ?? "/", options);
        else await restore(cli, open, part, path ?? "/", options.to, options);
        return EXIT.ok;
      }),
    ),
  );
}

/** The part that was asked for, or the only one with files. */
function partOf(parts: readonly DiskPart[], meant: string | undefined): string | undefined {
  if (meant !== undefined) return meant;
  const [first, second] = parts.filter(({ filesystem }) => filesystem !== null);
  return second ? undefined : first?.name;
}

const severalParts = (parts: readonly DiskPart[]) =>
  new UsageError(
    "It has to be said which part of the disk is meant.",
    `Give --part with one of them: ${parts.map(({ name, filesystem }) => `${name} (${filesystem ?? "no known filesystem"})`).join(", ")}.`,
  );

function printParts(cli: Cli, parts: readonly DiskPart[], { json }: Options): void {
  if (json) cli.printJson({ parts });
  else cli.print(renderTable(PART_COLUMNS, parts, { paint: cli.paint, width: cli.width }));
}

async function printFiles(
  cli: Cli,
  open: DiskFiles,
  part: string,
  path: string,
  { json }: Options,
): Promise<void> {
  const items = await open.list(part, path);
  if (json) cli.printJson({ part, path, items });
  else if (items.length === 0) cli.note("The folder is empty.");
  else cli.print(renderTable(FILE_COLUMNS, items, { paint: cli.paint, width: cli.width }));
}

async function restore(
  cli: Cli,
  open: DiskFiles,
  part: string,
  path: string,
  to: string,
  { json }: Options,
): Promise<void> {
  const target = resolvePath(cli.surroundings, to);
  const restored = await open.restore(part, path, target);
  if (json) cli.printJson({ part, path, to: target, ...restored });
  else
    cli.print(
      `${cli.paint("green", "✓")} ${target}: ${count(restored.files, "file")} restored, ${formatBytes(restored.bytes)}.`,
    );
}

const PART_COLUMNS: Column<DiskPart>[] = [
  { title: "Part", cell: ({ name }) => name },
  { title: "Filesystem", cell: ({ filesystem }) => filesystem },
  { title: "Size", cell: ({ size_bytes }) => formatBytes(size_bytes), align: "right" },
  { title: "UUID", cell: ({ uuid }) => uuid },
];

const FILE_COLUMNS: Column<FileEntry>[] = [
  { title: "Name", cell: ({ name, kind }) => (kind === "folder" ? `${name}/` : name), cut: true },
  {
    title: "Size",
    cell: ({ size_bytes }) => (size_bytes === null ? "" : formatBytes(size_bytes)),
    align: "right",
  },
  { title: "Changed at", cell: ({ modified_at }) => modified_at },
];
