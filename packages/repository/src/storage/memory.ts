import { checkName, cut, ObjectMissing, type Storage } from "./storage.ts";

/** Objects in memory: a repository that lives as long as its process. The map can be handed in, to be looked at or shared. */
export function memory(objects: Map<string, Buffer> = new Map()): Storage {
  return {
    async put(name, bytes) {
      objects.set(checkName(name), Buffer.from(bytes));
    },
    async get(name, range) {
      const bytes = objects.get(checkName(name));
      if (!bytes) throw new ObjectMissing(name);
      return Buffer.from(cut(name, bytes, range));
    },
    async *list(prefix) {
      for (const [name, bytes] of [...objects])
        if (name.startsWith(prefix)) yield { name, size_bytes: bytes.length };
    },
    async delete(name) {
      objects.delete(checkName(name));
    },
    async settle() {},
  };
}
