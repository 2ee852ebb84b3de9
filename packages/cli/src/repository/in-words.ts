import { Problem } from "@uniview/api";
import type { Engine } from "./open-place.ts";

const REBUILD = "Run `uniview repository rebuild`: it makes the indexes anew from the packs.";
const CHECK =
  "Run `uniview repository check`: it names everything that is damaged, and the recovery points that it concerns; all others can be restored.";

/** Makes an error of the engine's a problem that says what to do next; what is none of these stays as it is. */
export function inWords(engine: Engine, url: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Problem) return error;
  const sentence = sentenceOf(error.message);
  if (error instanceof engine.StorageRefused) return new Problem("invalid-input", sentence, {}, error);
  if (error instanceof engine.StorageUnavailable)
    return new Problem(
      "transfer-failed",
      sentence,
      { remedy: "It was tried several times. Nothing is broken by that: run the command again." },
      error,
    );
  if (error instanceof engine.ObjectMissing && error.object === "config")
    return new Problem(
      "not-found",
      `There is no repository at ${url}.`,
      { remedy: "Correct --repository, or make one there with `uniview repository init`." },
      error,
    );
  if (error instanceof engine.WrongRepositoryKey)
    return new Problem("conflict", sentence, { remedy: "Name the file of that key with --key-file." }, error);
  if (error instanceof engine.ChunkMissing)
    return new Problem("verification-failed", sentence, { remedy: REBUILD }, error);
  if (error instanceof engine.Damaged) {
    const remedy = error.object.startsWith("indexes/") ? REBUILD : CHECK;
    return new Problem("verification-failed", sentence, { remedy }, error);
  }
  if (error instanceof engine.ToolFailed) return new Problem("conflict", sentence, {}, error);
  // the operating system's: no such folder, no leave, no space
  if ("syscall" in error) return new Problem("invalid-input", sentence, {}, error);
  // what the engine says without a class of its own is about the repository; faults of the program have one
  if (error.constructor === Error || error instanceof RangeError)
    return new Problem("conflict", sentence, {}, error);
  return error;
}

/** The engine's errors are parts of sentences. */
function sentenceOf(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}
