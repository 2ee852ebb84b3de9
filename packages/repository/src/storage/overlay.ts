import { memory } from "./memory.ts";
import { checkName, ObjectMissing, type Storage } from "./storage.ts";

/**
 * A storage that is only read, with all changes kept in memory above it: for a rescue that has to mend something before it can
 * read, in a storage that must stay as it is.
 */
export function overlay(below: Storage): Storage {
  const changes = new Map<string, Buffer>();
  const above = memory(changes);
  const deleted = new Set<string>();
  return {
    async put(name, bytes) {
      await above.put(name, bytes);
      deleted.delete(name);
    },
    async get(name, range, into) {
      if (deleted.has(checkName(name))) throw new ObjectMissing(name);
      return changes.has(name) ? above.get(name, range) : below.get(name, range, into);
    },
    fileOf: (name) => (changes.has(name) || deleted.has(name) ? undefined : below.fileOf?.(name)),
    async *list(prefix) {
      yield* above.list(prefix);
      for await (const object of below.list(prefix))
        if (!changes.has(object.name) && !deleted.has(object.name)) yield object;
    },
    async delete(name) {
      await above.delete(name);
      deleted.add(name);
    },
    settle: () => below.settle(),
  };
}
