import type { Storage } from "./storage.ts";

/** The objects below a prefix, by the rest of their names. */
export function below(storage: Storage, prefix: string): Storage {
  return {
    put: (name, bytes) => storage.put(prefix + name, bytes),
    get: (name, range, into) => storage.get(prefix + name, range, into),
    fileOf: (name) => storage.fileOf?.(prefix + name),
    beginFile: async (name) => storage.beginFile?.(prefix + name),
    delete: (name) => storage.delete(prefix + name),
    settle: () => storage.settle(),
    async *list(rest) {
      for await (const { name, size_bytes } of storage.list(prefix + rest))
        yield { name: name.slice(prefix.length), size_bytes };
    },
  };
}
