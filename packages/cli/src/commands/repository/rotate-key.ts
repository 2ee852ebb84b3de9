import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { readOrMakeKey } from "../../repository/key-file.ts";
import { atPlace } from "../../repository/open-place.ts";
import { type PlaceOptions, withPlaceOptions } from "../../repository/place-options.ts";

interface Options extends PlaceOptions {
  readonly toKeyFile: string;
}

export function rotateRepositoryKey(cli: Cli): Command {
  const rotate = command("rotate-key", "Give the repository another key; the old one then opens nothing", [
    [
      "uniview repository rotate-key --key-file old.key --to-key-file new.key",
      "if it was stopped: once more",
    ],
  ]).requiredOption("--to-key-file <file>", "the other key; made when it is not there");
  return withPlaceOptions(rotate).action(
    cli.runs((options: Options) =>
      atPlace(cli, options, "write", async ({ engine, repository, key: old }) => {
        const { key, path } = await readOrMakeKey(engine, cli, options.toKeyFile);
        await repository.rotateKey(key);
        if (options.json) cli.printJson({ key_id: key.id, key_file: path, old_key_id: old.id });
        else {
          cli.print(
            `${cli.paint("green", "✓")} Key ${key.id}, in ${path}, opens the repository now, and ${old.id} no more.`,
          );
          cli.note(`${cli.paint_note("yellow", "!")} Keep a copy of the new key file elsewhere.`);
        }
        return EXIT.ok;
      }),
    ),
  );
}
