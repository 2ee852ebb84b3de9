import type { DiskTargetSide } from "@uniview/api/mover";
import { allowedPath } from "../allowed-path.ts";
import type { SourceChunks } from "../copy/chunk-sink.ts";
import { openQcow2Source, openQcow2Target } from "../disk/qcow2-disk.ts";
import { openRawSource, openRawTarget } from "../disk/raw-disk.ts";
import type { TargetDisk } from "../disk/target-disk.ts";
import { TransferFailure } from "../failure.ts";
import type { TransferContext } from "./context.ts";
import { openPoint } from "./open-repository.ts";
import { openSpooledImage } from "./spooled-image.ts";

/** The disk that a transfer reads. */
export async function openSource(context: TransferContext): Promise<SourceChunks> {
  const { source } = context.spec();
  const { settings, signal } = context;
  switch (source.kind) {
    case "file":
    case "device": {
      const path = await allowedPath(source.path, settings.allow_paths, "source");
      const qcow2 = source.kind === "file" && source.format === "qcow2";
      return await named("source", qcow2 ? openQcow2Source(path) : openRawSource(path));
    }
    case "image":
      return await openSpooledImage(context);
    case "point":
      return await openPoint(source, settings, signal);
    case "peer":
      throw new TransferFailure(
        "source",
        "invalid-input",
        "What another mover sends ends in a file or a device; take it from there.",
      );
  }
}

/** The file or device that a transfer writes. */
export async function openTarget(
  target: Extract<DiskTargetSide, { kind: "file" | "device" }>,
  size_bytes: number,
  { settings }: TransferContext,
): Promise<TargetDisk> {
  const path = await allowedPath(target.path, settings.allow_paths, "target");
  const qcow2 = target.kind === "file" && target.format === "qcow2";
  return await named("target", qcow2 ? openQcow2Target(path, size_bytes) : openRawTarget(path, size_bytes));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "is not there",
  EACCES: "may not be opened by the mover",
  EPERM: "may not be opened by the mover",
  EBUSY: "is in use: unmount it",
  EROFS: "is read-only",
  EISDIR: "is a folder",
};

/** Says in a sentence why a file cannot be opened. */
async function named<T>(kind: "source" | "target", opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (cause) {
    if (cause instanceof TransferFailure || !(cause instanceof Error) || !("code" in cause)) throw cause;
    const why = REASONS[String(cause.code)] ?? `cannot be opened (${String(cause.code)})`;
    const path = "path" in cause ? String(cause.path) : "The file";
    throw new TransferFailure(kind, "transfer-failed", `${path} ${why}.`, { cause });
  }
}
