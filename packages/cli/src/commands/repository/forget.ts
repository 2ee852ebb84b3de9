import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, yesOption } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { count } from "../../output/quantities.ts";
import { findPoint } from "../../repository/find-point.ts";
import { atPlace } from "../../repository/open-place.ts";
import { type PlaceOptions, withPlaceOptions } from "../../repository/place-options.ts";
import { askYes, isAttended } from "../../sign-in/ask.ts";

interface Options extends PlaceOptions {
  readonly yes?: true;
}

export function forgetRepositoryPoints(cli: Cli): Command {
  const forget = command("forget", "Forget recovery points; `gc` then frees what only they needed", [
    ["uniview repository forget 3f9a 77c0", "by the first digits of their ids"],
  ])
    .argument("<point...>", "ids, or their first digits")
    .addOption(yesOption());
  return withPlaceOptions(forget).action(
    cli.runs((meant: string[], options: Options) =>
      atPlace(cli, options, "write", async ({ engine, vaults }) => {
        const open = await vaults();
        const found = [];
        for (const each of meant) found.push(await findPoint(engine, open, each));
        if (!options.yes && !options.json && isAttended(cli.surroundings)) {
          for (const { point } of found) cli.note(`  ${point.id}  ${point.taken_at}`);
          const what = `Forget ${count(found.length, "recovery point")} for good?`;
          if (!(await askYes(cli.surroundings, what))) return EXIT.failed;
        }
        for (const { vault, point } of found) await engine.forgetPoints(vault, [point.id]);
        const forgotten = found.map(({ point }) => point.id);
        if (options.json) cli.printJson({ forgotten });
        else cli.print(`${cli.paint("green", "✓")} ${count(forgotten.length, "recovery point")} forgotten.`);
        return EXIT.ok;
      }),
    ),
  );
}
