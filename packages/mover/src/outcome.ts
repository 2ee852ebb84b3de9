import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Checksums, type TransferSpec } from "@uniview/api/mover";
import { z } from "zod";

/** Remembered until the control plane drops the transfer: a lost answer must not move the bytes twice. */
const Outcome = z.object({
  source: z.string(),
  target: z.string().nullable(),
  bytes_total: z.int(),
  zero_bytes: z.int(),
  checksums: Checksums,
});
export type Outcome = z.infer<typeof Outcome>;

const fileIn = (dir: string) => join(dir, "outcome.json");

/** Notes the success, then frees the room of the bytes. */
export async function keepOutcome(dir: string, outcome: Outcome): Promise<void> {
  await writeFile(`${fileIn(dir)}.new`, JSON.stringify(outcome), { mode: 0o600 });
  await rename(`${fileIn(dir)}.new`, fileIn(dir));
  await Promise.all(["data", "digests", "label.json"].map((name) => rm(join(dir, name), { force: true })));
}

/** The outcome of the very same transfer, if it ended well before. */
export async function findOutcome(dir: string, spec: TransferSpec): Promise<Outcome | undefined> {
  let outcome: Outcome;
  try {
    outcome = Outcome.parse(JSON.parse(await readFile(fileIn(dir), "utf8")));
  } catch {
    return undefined;
  }
  const same =
    outcome.source === spec.source.url && (spec.target === null || spec.target.url === outcome.target);
  if (!same) await rm(fileIn(dir), { force: true });
  return same ? outcome : undefined;
}
