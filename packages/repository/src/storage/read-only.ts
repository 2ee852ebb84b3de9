import type { Storage } from "./storage.ts";

/** Refuses to change anything: for rescues, and for copies that must stay as they are. */
export function readOnly(storage: Storage): Storage {
  const refuse = (what: string) => async (name: string) => {
    throw new Error(`${name} was not ${what}: the storage was opened for reading only`);
  };
  return {
    put: refuse("put"),
    delete: refuse("deleted"),
    get: (name, range, into) => storage.get(name, range, into),
    fileOf: (name) => storage.fileOf?.(name),
    list: (prefix) => storage.list(prefix),
    settle: () => storage.settle(),
  };
}
