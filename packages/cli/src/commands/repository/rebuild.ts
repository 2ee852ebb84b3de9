import type { RebuildReport } from "@uniview/repository";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { count } from "../../output/quantities.ts";
import { harmless } from "../../output/text-width.ts";
import { byteScreen } from "../../repository/byte-screen.ts";
import { atPlace } from "../../repository/open-place.ts";
import { type PlaceOptions, withPlaceOptions } from "../../repository/place-options.ts";

export function rebuildRepository(cli: Cli): Command {
  const rebuild = command("rebuild", "Make lost or damaged indexes anew, from the packs alone", [
    ["uniview repository rebuild --repository /srv/backups --key-file backups.key", ""],
  ]);
  return withPlaceOptions(rebuild).action(
    cli.runs((options: PlaceOptions) =>
      atPlace(cli, options, "write", async ({ engine, meter, vaults }) => {
        const reports: (RebuildReport & { readonly tenant: string })[] = [];
        for (const vault of await vaults()) {
          using screen = byteScreen(cli, `Reading packs of ${vault.tenant}`);
          const before = meter.read_bytes;
          meter.on_bytes = () => screen.show(meter.read_bytes - before, null);
          reports.push({ tenant: vault.tenant, ...(await engine.rebuildIndexes(vault)) });
        }
        if (options.json) cli.printJson({ tenants: reports });
        else
          for (const { tenant, packs, chunks, damaged } of reports) {
            cli.print(
              `${cli.paint("green", "✓")} ${tenant}: the index tells of ${count(chunks, "chunk")} in ${count(packs, "pack")} again.`,
            );
            for (const each of damaged) cli.note(`${cli.paint_note("red", "✗")} ${harmless(each)}`);
          }
        return reports.some(({ damaged }) => damaged.length > 0) ? EXIT.needs_a_person : EXIT.ok;
      }),
    ),
  );
}
