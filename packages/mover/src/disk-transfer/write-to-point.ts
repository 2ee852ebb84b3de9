import type { DiskTargetSide } from "@uniview/api/mover";
import { type DiskSource, listPoints, writePoint } from "@uniview/repository";
import type { TransferContext } from "./context.ts";
import { openVault } from "./open-repository.ts";
import { openSource } from "./open-sides.ts";

/** By it a mover that was killed after the commit finds that it had committed. */
const TRANSFER_LABEL = "transfer";

/** Writes a disk as a recovery point; answers its id. Only chunks that the repository lacks are stored. */
export async function writeToPoint(
  target: Extract<DiskTargetSide, { kind: "point" }>,
  context: TransferContext,
): Promise<{ point: string; size_bytes: number }> {
  const { id, board, throttle, signal, settings } = context;
  const { disk: name, labels, description, taken_at } = target;
  const vault = await openVault(target.repository, "target", settings, signal);
  const before = (await listPoints(vault)).find((point) => point.labels[TRANSFER_LABEL] === id);
  if (before) return { point: before.id, size_bytes: before.disks[0]?.size_bytes ?? 0 };
  await using source = await openSource(context);
  const { size_bytes } = source;
  board.beginCopy(size_bytes);
  let read = 0;
  const counted: DiskSource = {
    size_bytes,
    ...(source.extents ? { extents: source.extents } : {}),
    async read(into, offset_bytes) {
      await throttle(into.length, signal);
      await source.read(into, offset_bytes);
      read += into.length;
      board.read(into.length);
    },
  };
  const { point, figures } = await writePoint(vault, {
    disks: [{ name, source: counted }],
    labels: { ...labels, [TRANSFER_LABEL]: id },
    description,
    ...(taken_at ? { taken_at } : {}),
    signal,
  });
  board.skipped(size_bytes - read, true);
  board.wrote(figures.stored_bytes);
  return { point: point.id, size_bytes };
}
