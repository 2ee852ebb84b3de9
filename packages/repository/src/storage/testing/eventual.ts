import { memory } from "../memory.ts";
import type { Storage, StoredObject } from "../storage.ts";

interface Change {
  readonly name: string;
  /** Undefined: it was deleted. */
  readonly object: StoredObject | undefined;
}

/**
 * Lists late, as Swift does: a listing shows some of the changes since the last `settle`, in any order, but of one object
 * never an older state after a newer one. `shows` draws whether a listing shows a change that is still under way.
 */
export function eventual(shows: () => boolean, objects: Map<string, Buffer> = new Map()): Storage {
  const truth = memory(objects);
  const listed = new Map<string, StoredObject>();
  for (const [name, bytes] of objects) listed.set(name, { name, size_bytes: bytes.length });
  let under_way: Change[] = [];

  const reveal = (isShown: () => boolean) => {
    const waiting = new Set<string>();
    under_way = under_way.filter((change) => {
      if (waiting.has(change.name) || !isShown()) {
        waiting.add(change.name);
        return true;
      }
      if (change.object) listed.set(change.name, change.object);
      else listed.delete(change.name);
      return false;
    });
  };
  return {
    async put(name, bytes) {
      await truth.put(name, bytes);
      under_way.push({ name, object: { name, size_bytes: bytes.length } });
    },
    get: (name, range, into) => truth.get(name, range, into),
    async delete(name) {
      await truth.delete(name);
      under_way.push({ name, object: undefined });
    },
    async *list(prefix) {
      reveal(shows);
      for (const object of [...listed.values()]) if (object.name.startsWith(prefix)) yield object;
    },
    async settle() {
      reveal(() => true);
    },
  };
}
