import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Checksums, type DiskTransferSpec } from "@uniview/api/mover";
import { z } from "zod";

/** Remembered until the control plane drops the transfer: a lost answer must not move the bytes twice. */
const DiskOutcome = z.object({
  bytes_total: z.int(),
  point: z.string().nullable(),
  checksums: Checksums.nullable(),
});
export type DiskOutcome = z.infer<typeof DiskOutcome>;

const fileIn = (dir: string) => join(dir, "disk-outcome.json");

/** What makes two specs the same transfer: where from and where to, not by which credentials or how fast. */
export function placesOf({ source, target }: DiskTransferSpec): string {
  const place = (side: DiskTransferSpec["source"] | DiskTransferSpec["target"]) => {
    switch (side.kind) {
      case "file":
        return [side.kind, side.format, side.path];
      case "device":
        return [side.kind, side.path];
      case "image":
        return [side.kind, side.format, side.url];
      case "point":
        return [
          side.kind,
          side.repository.url,
          side.repository.tenant,
          side.disk,
          "point" in side && side.point,
        ];
      case "peer":
        return [side.kind, side.fingerprint];
    }
  };
  return JSON.stringify([place(source), place(target)]);
}

/** Empties the folder unless it is of this very transfer: what it knows of other disks is worse than nothing. Identities stay. */
export async function claimFolder(dir: string, spec: DiskTransferSpec): Promise<void> {
  const file = join(dir, "places");
  const places = placesOf(spec);
  const before = await readFile(file, "utf8").catch(() => undefined);
  if (before === places) return;
  for (const name of ["source-map", "target-map", "disk-outcome.json", "image"])
    await rm(join(dir, name), { recursive: true, force: true });
  await writeFile(`${file}.new`, places, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export async function keepDiskOutcome(dir: string, outcome: DiskOutcome): Promise<void> {
  await writeFile(`${fileIn(dir)}.new`, JSON.stringify(outcome), { mode: 0o600 });
  await rename(`${fileIn(dir)}.new`, fileIn(dir));
  await rm(join(dir, "image"), { recursive: true, force: true });
}

export async function findDiskOutcome(dir: string): Promise<DiskOutcome | undefined> {
  try {
    return DiskOutcome.parse(JSON.parse(await readFile(fileIn(dir), "utf8")));
  } catch {
    return undefined; // none, or torn
  }
}
