import type { Storage } from "@uniview/repository";

/** Counts what goes to and comes from a storage: the one measure of progress that every operation has. */
export interface Meter {
  readonly read_bytes: number;
  readonly written_bytes: number;
  /** Called after each call of the storage that moved bytes. */
  on_bytes: (() => void) | undefined;
}

export function metered(storage: Storage): { readonly storage: Storage; readonly meter: Meter } {
  const meter = { read_bytes: 0, written_bytes: 0, on_bytes: undefined as (() => void) | undefined };
  return {
    meter,
    storage: {
      ...storage,
      async put(name, bytes) {
        const { length } = bytes;
        await storage.put(name, bytes);
        meter.written_bytes += length;
        meter.on_bytes?.();
      },
      async get(...words: Parameters<Storage["get"]>) {
        const bytes = await storage.get(...words);
        meter.read_bytes += bytes.length;
        meter.on_bytes?.();
        return bytes;
      },
    },
  };
}
