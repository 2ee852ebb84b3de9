import type { VaultFigures } from "@uniview/repository";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { renderFacts, section, stack } from "../../output/facts.ts";
import { count, formatBytes } from "../../output/quantities.ts";
import { atPlace } from "../../repository/open-place.ts";
import { type PlaceOptions, withPlaceOptions } from "../../repository/place-options.ts";

interface Figures extends VaultFigures {
  readonly tenant: string;
  /** Bytes of disks for each byte that lies in the storage; null for an empty repository. */
  readonly ratio: number | null;
}

export function showRepositoryStats(cli: Cli): Command {
  const stats = command("stats", "What a repository keeps, and what that costs", [
    ["uniview repository stats --repository swift://backups --cloud zed --key-file backups.key", ""],
  ]);
  return withPlaceOptions(stats).action(
    cli.runs((options: PlaceOptions) =>
      atPlace(cli, options, "read", async ({ engine, url, repository, key, vaults }) => {
        const tenants: Figures[] = [];
        for (const vault of await vaults()) {
          const figures = await engine.measureVault(vault);
          const { data_bytes, stored_bytes } = figures;
          const ratio = stored_bytes > 0 ? data_bytes / stored_bytes : null;
          tenants.push({ tenant: vault.tenant, ...figures, ratio });
        }
        const { config } = repository;
        if (options.json) cli.printJson({ url, ...config, key_id: key.id, tenants });
        else {
          const about = renderFacts(
            [
              ["Repository", url],
              ["Id", config.id],
              ["Made at", config.created_at],
              ["Key", key.id],
              ["Chunks of", `${formatBytes(config.chunk_bytes)}, named by ${config.hash}`],
            ],
            cli.paint,
          );
          cli.print(stack(about, ...tenants.map((each) => renderTenant(cli, each))));
          if (tenants.length === 0) cli.note("It has no tenant yet: nothing was ever backed up into it.");
        }
        return EXIT.ok;
      }),
    ),
  );
}

function renderTenant(cli: Cli, figures: Figures): string {
  const { tenant, points, disks, disk_bytes, data_bytes, chunks, unique_bytes, packs, stored_bytes, ratio } =
    figures;
  const facts = renderFacts(
    [
      ["Recovery points", `${count(points, "point")} of ${count(disks, "disk")}`],
      ["Disks", formatBytes(disk_bytes)],
      ["Without zeros", formatBytes(data_bytes)],
      ["Each chunk once", `${formatBytes(unique_bytes)} in ${count(chunks, "chunk")}`],
      ["Stored", `${formatBytes(stored_bytes)} in ${count(packs, "pack")}`],
      ["Saved", ratio === null ? null : `1 byte stored for ${ratio.toFixed(1)} of data`],
    ],
    cli.paint,
  );
  return section(`Tenant ${tenant}`, facts, cli.paint);
}
