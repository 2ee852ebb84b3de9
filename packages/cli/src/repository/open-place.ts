import { Problem } from "@uniview/api";
import type { Repository, RepositoryKey, Storage, Vault } from "@uniview/repository";
import type { Cli } from "../cli.ts";
import { resolvePath } from "../clouds/find-clouds-yaml.ts";
import { UsageError } from "../usage-error.ts";
import { credentialsOf } from "./credentials-of.ts";
import { inWords } from "./in-words.ts";
import { readKey } from "./key-file.ts";
import { type Meter, metered } from "./meter.ts";
import type { PlaceOptions } from "./place-options.ts";

export type Engine = typeof import("@uniview/repository");

/** A repository that a command line names, open. */
export interface Place {
  readonly engine: Engine;
  readonly url: string;
  readonly repository: Repository;
  readonly key: RepositoryKey;
  readonly meter: Meter;
  /** Of the tenant that was asked for, or of all. */
  vaults(): Promise<Vault[]>;
}

/** Loads the engine only now: commands that need none start quicker. */
export const loadEngine = (): Promise<Engine> => import("@uniview/repository");

/** The repository's URL; a path is one from where the user is. @throws UsageError when none is named */
export function urlOf(cli: Cli, { repository }: PlaceOptions): string {
  const given = repository ?? cli.surroundings.env["UNIVIEW_REPOSITORY"];
  if (!given)
    throw new UsageError(
      "Say which repository it is.",
      "Give --repository URL, or set UNIVIEW_REPOSITORY: a folder, s3://BUCKET/FOLDER or swift://CONTAINER/FOLDER.",
    );
  return given.includes("://") ? given : resolvePath(cli.surroundings, given);
}

/** The storage that the options name. @throws UsageError, Problem, StorageRefused */
export async function openPlaceStorage(engine: Engine, cli: Cli, options: PlaceOptions): Promise<Storage> {
  const { surroundings } = cli;
  const url = urlOf(cli, options);
  const file = options.credentialsFile ?? surroundings.env["UNIVIEW_CREDENTIALS_FILE"];
  const credentials = await credentialsOf(engine, surroundings, {
    url,
    ...(options.cloud ? { cloud: options.cloud } : {}),
    ...(file ? { file } : {}),
  });
  return engine.openStorage(url, credentials, { cwd: surroundings.cwd, signal: surroundings.signal });
}

/**
 * Opens a repository. What is read is never changed: changes that reading needs, such as indexes made anew, stay in memory.
 * @throws UsageError when a command that writes is asked not to
 */
export async function openPlace(cli: Cli, options: PlaceOptions, mode: "read" | "write"): Promise<Place> {
  if (mode === "write" && options.readOnly)
    throw new UsageError("This command changes the repository, and --read-only forbids it.");
  const engine = await loadEngine();
  const url = urlOf(cli, options);
  try {
    const key = await readKey(engine, cli, options.keyFile ?? cli.surroundings.env["UNIVIEW_KEY_FILE"]);
    const { storage, meter } = metered(await openPlaceStorage(engine, cli, options));
    const shown = mode === "write" ? storage : engine.overlay(engine.readOnly(storage));
    const repository = await engine.openRepository(shown, key, threadsOf(cli));
    return {
      engine,
      url,
      repository,
      key,
      meter,
      async vaults() {
        const all = await repository.listTenants();
        const tenants = options.tenant ? all.filter((each) => each === options.tenant) : all;
        if (options.tenant && tenants.length === 0)
          throw new Problem("not-found", `The repository has no tenant ${options.tenant}.`, {
            field: "tenant",
            remedy: all.length > 0 ? `It has: ${all.join(", ")}.` : "It has none at all.",
          });
        return Promise.all(tenants.map((tenant) => repository.openTenant(tenant)));
      },
    };
  } catch (error) {
    throw inWords(engine, url, error);
  }
}

/** On a machine that has other work to do, UNIVIEW_THREADS says how many threads may be busy; 0: none beside the program's own. */
export function threadsOf({ surroundings }: Cli): { readonly threads?: number } {
  const { UNIVIEW_THREADS: threads } = surroundings.env;
  if (!threads) return {};
  if (!/^\d{1,2}$/.test(threads))
    throw new UsageError(`UNIVIEW_THREADS is "${threads}".`, "It must be a whole number, 0 to 99.");
  return { threads: Number(threads) };
}

/** Opens a repository for an action, and says what goes wrong there in the words of the command line. */
export async function atPlace<T>(
  cli: Cli,
  options: PlaceOptions,
  mode: "read" | "write",
  act: (place: Place) => Promise<T>,
): Promise<T> {
  const place = await openPlace(cli, options, mode);
  try {
    return await act(place);
  } catch (error) {
    throw inWords(place.engine, place.url, error);
  }
}
