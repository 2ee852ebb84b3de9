import type { Vault } from "@uniview/repository";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { count, formatBytes } from "../../output/quantities.ts";
import { byteScreen } from "../../repository/byte-screen.ts";
import { findPoint } from "../../repository/find-point.ts";
import { atPlace, type Place } from "../../repository/open-place.ts";
import { type PlaceOptions, withPlaceOptions } from "../../repository/place-options.ts";

interface Options extends PlaceOptions {
  readonly to: string;
  readonly toKeyFile?: string;
  readonly toCredentialsFile?: string;
  readonly toCloud?: string;
  readonly point?: string[];
}

export function copyRepository(cli: Cli): Command {
  const copy = command("copy", "Copy recovery points to another repository: only what it does not have yet", [
    [
      "uniview repository copy --repository /srv/backups --key-file a.key --to s3://far/away --to-key-file b.key",
      "",
    ],
  ])
    .requiredOption("--to <url>", "the other repository; make it with `uniview repository init`")
    .option("--to-key-file <file>", "its key, if it has another one")
    .option("--to-credentials-file <file>", "its credentials, if they are others")
    .option("--to-cloud <entry>", "its entry of your clouds.yaml, if it is another one")
    .option("--point <point...>", "only these recovery points: ids, their first digits, or latest");
  return withPlaceOptions(copy).action(
    cli.runs((options: Options) =>
      atPlace(cli, options, "read", async (from) => {
        const vaults = await from.vaults();
        const ids = options.point && (await idsOf(from, vaults, options.point));
        return atPlace(cli, targetOf(options), "write", async (to) => {
          const reports: Report[] = [];
          for (const vault of vaults) reports.push(await copyTenant(cli, from, to, vault, ids));
          if (options.json) cli.printJson({ to: to.url, tenants: reports });
          else for (const report of reports) print(cli, to, report);
          return EXIT.ok;
        });
      }),
    ),
  );
}

interface Report {
  readonly tenant: string;
  readonly copied: readonly { readonly from: string | undefined; readonly id: string }[];
  readonly stored_bytes: number;
}

/** What is not said of the target is as it is for the source. */
function targetOf({ to, toKeyFile, toCredentialsFile, toCloud, ...from }: Options): PlaceOptions {
  return {
    ...from,
    repository: to,
    ...(toKeyFile ? { keyFile: toKeyFile } : {}),
    ...(toCredentialsFile ? { credentialsFile: toCredentialsFile } : {}),
    ...(toCloud ? { cloud: toCloud } : {}),
  };
}

async function idsOf(
  { engine }: Place,
  vaults: readonly Vault[],
  meant: readonly string[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const each of meant) ids.push((await findPoint(engine, vaults, each)).point.id);
  return ids;
}

async function copyTenant(
  cli: Cli,
  from: Place,
  to: Place,
  vault: Vault,
  ids: readonly string[] | undefined,
): Promise<Report> {
  const { tenant } = vault;
  using screen = byteScreen(cli, `Copying ${tenant}`);
  const before = from.meter.read_bytes;
  from.meter.on_bytes = () => screen.show(from.meter.read_bytes - before, null);
  await to.repository.addTenant(tenant);
  const { copied, stored_bytes } = await from.engine.copyPoints(
    vault,
    await to.repository.openTenant(tenant),
    {
      ...(ids ? { ids } : {}),
      signal: cli.surroundings.signal,
    },
  );
  return {
    tenant,
    copied: copied.map(({ id, copied_from }) => ({ from: copied_from?.point, id })),
    stored_bytes,
  };
}

function print(cli: Cli, { url }: Place, { tenant, copied, stored_bytes }: Report): void {
  cli.print(
    copied.length === 0
      ? `${cli.paint("green", "✓")} ${tenant}: ${url} has every recovery point already.`
      : `${cli.paint("green", "✓")} ${tenant}: ${count(copied.length, "recovery point")} copied, ${formatBytes(stored_bytes)} stored.`,
  );
}
