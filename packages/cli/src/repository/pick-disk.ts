import type { DiskManifest, RecoveryPoint } from "@uniview/repository";
import { formatBytes } from "../output/quantities.ts";
import { UsageError } from "../usage-error.ts";

/**
 * The disk that is meant by its name, by its number from 0 on, or by being the only one.
 * @throws UsageError that names the disks, when none or another one is meant
 */
export function pickDisk({ disks }: RecoveryPoint, meant: string | undefined): DiskManifest {
  const chosen = meant === undefined ? onlyOf(disks) : named(disks, meant);
  if (chosen) return chosen;
  const names = disks.map(({ name, size_bytes }) => `${name} (${formatBytes(size_bytes)})`).join(", ");
  throw new UsageError(
    meant === undefined
      ? "The recovery point has several disks."
      : `The recovery point has no disk ${meant}.`,
    `Give --disk with one of them: ${names}.`,
  );
}

const onlyOf = (disks: readonly DiskManifest[]) => (disks.length === 1 ? disks[0] : undefined);

const named = (disks: readonly DiskManifest[], meant: string) =>
  disks.find(({ name }) => name === meant) ?? (/^\d+$/.test(meant) ? disks[Number(meant)] : undefined);
