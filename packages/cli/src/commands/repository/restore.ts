import { existsSync } from "node:fs";
import { readyThreads } from "@uniview/repository/thread/ready-threads";
import { type Command, Option } from "commander";
import type { Cli } from "../../cli.ts";
import { resolvePath } from "../../clouds/find-clouds-yaml.ts";
import { command } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { formatBytes } from "../../output/quantities.ts";
import { findPoint } from "../../repository/find-point.ts";
import { atPlace, threadsOf } from "../../repository/open-place.ts";
import { pickDisk } from "../../repository/pick-disk.ts";
import { type PlaceOptions, withPlaceOptions } from "../../repository/place-options.ts";
import { type DiskFormat, restoreDisk } from "../../repository/restore-disk.ts";
import { UsageError } from "../../usage-error.ts";

interface Options extends PlaceOptions {
  readonly to: string;
  readonly disk?: string;
  readonly format: DiskFormat;
  readonly verify?: true;
}

export function restoreFromRepository(cli: Cli): Command {
  const restore = command("restore", "Restore a disk of a recovery point to a file, without a server", [
    ["uniview repository restore latest --to web.qcow2 --format qcow2", ""],
    ["uniview repository restore 3f9a --disk vdb --to data.raw", "by the first digits of its id"],
  ])
    .argument("<point>", "its id, the first digits of it, or `latest`")
    .requiredOption("--to <file>", "a new file")
    .option("--disk <name>", "its name, or its number from 0 on; needed when there are several")
    .addOption(new Option("--format <format>", "what to write").choices(["raw", "qcow2"]).default("raw"))
    .option("--verify", "compare every chunk's digest with its id, too; takes a third longer");
  return withPlaceOptions(restore).action(
    cli.runs((meant: string, options: Options) => {
      const path = resolvePath(cli.surroundings, options.to);
      if (existsSync(path))
        throw new UsageError(`${path} is there already.`, "Name a file that is not there yet.");
      readyThreads(threadsOf(cli).threads); // they start while all else is loaded
      return atPlace(cli, options, "read", async ({ engine, vaults }) => {
        const { vault, point } = await findPoint(engine, await vaults(), meant);
        const disk = pickDisk(point, options.disk);
        const digests = options.verify === true;
        await restoreDisk(cli, engine, vault, disk, { path, format: options.format, digests });
        const { id, taken_at } = point;
        const { name, size_bytes, data_bytes } = disk;
        const { format } = options;
        if (options.json)
          cli.printJson({
            point: id,
            taken_at,
            tenant: vault.tenant,
            disk: name,
            file: path,
            format,
            size_bytes,
            data_bytes,
          });
        else
          cli.print(
            `${cli.paint("green", "✓")} ${path} is disk ${name} as it was at ${taken_at}: ${formatBytes(size_bytes)}, ${formatBytes(data_bytes)} of data, every chunk verified.`,
          );
        return EXIT.ok;
      });
    }),
  );
}
