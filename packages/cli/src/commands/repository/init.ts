import { Problem } from "@uniview/api";
import { type Command, Option } from "commander";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { inWords } from "../../repository/in-words.ts";
import { readOrMakeKey } from "../../repository/key-file.ts";
import { type Engine, loadEngine, openPlaceStorage, urlOf } from "../../repository/open-place.ts";
import { type PlaceOptions, withPlaceOptions } from "../../repository/place-options.ts";
import { UsageError } from "../../usage-error.ts";

interface Options extends PlaceOptions {
  readonly hash: "sha256" | "blake3";
}

export function initRepository(cli: Cli): Command {
  const init = command("init", "Make a repository in an empty place, and its key unless the file is there", [
    ["uniview repository init --repository /srv/backups --key-file ~/backups.key", ""],
    [
      "uniview repository init --repository s3://backups/one?endpoint=https://s3.example.com",
      "the bucket is there already",
    ],
  ]).addOption(
    new Option(
      "--hash <name>",
      "what chunks are named by, for good; blake3 is quicker where its add-on is installed",
    )
      .choices(["sha256", "blake3"])
      .default("sha256"),
  );
  return withPlaceOptions(init).action(
    cli.runs(async (options: Options) => {
      if (options.readOnly) throw new UsageError("A repository cannot be made with --read-only.");
      const engine = await loadEngine();
      const url = urlOf(cli, options);
      const made = await make(engine, cli, options, url).catch((error: unknown) => {
        throw inWords(engine, url, error);
      });
      if (options.json) cli.printJson(made);
      else {
        cli.print(
          `${cli.paint("green", "✓")} ${url} is a repository. Its key is ${made.key_id}, in ${made.key_file}.`,
        );
        cli.note(
          `${cli.paint_note("yellow", "!")} Keep a copy of the key file elsewhere: without it nothing can be restored, by nobody.`,
        );
      }
      return EXIT.ok;
    }),
  );
}

async function make(engine: Engine, cli: Cli, options: Options, url: string) {
  const storage = await openPlaceStorage(engine, cli, options);
  if (await isThere(engine, storage))
    throw new Problem("conflict", `There is a repository at ${url} already.`, {
      remedy: "Use it with its own key, or name another folder.",
    });
  // the key comes first: a repository without one would be worth nothing
  const file = options.keyFile ?? cli.surroundings.env["UNIVIEW_KEY_FILE"];
  const { key, path, made } = await readOrMakeKey(engine, cli, file);
  await engine.initRepository(storage, { hash: options.hash });
  const repository = await engine.openRepository(storage, key);
  if (options.tenant) await repository.addTenant(options.tenant);
  return { url, id: repository.config.id, key_id: key.id, key_file: path, made_key: made };
}

async function isThere(
  engine: Engine,
  storage: Awaited<ReturnType<typeof openPlaceStorage>>,
): Promise<boolean> {
  try {
    await storage.get("config");
    return true;
  } catch (error) {
    if (error instanceof engine.ObjectMissing) return false;
    throw error;
  }
}
