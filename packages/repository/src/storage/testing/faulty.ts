import type { Storage } from "../storage.ts";

/** The storage, or the way to it, failed. */
export class StorageFailed extends Error {
  override readonly name = "StorageFailed";
}

/** What becomes of a call: it works; fails and did nothing; fails, but had been done; and after `dies` nothing works any more. */
export type Fate = "works" | "fails" | "fails-done" | "dies" | "dies-done";

/** Lets each call meet the fate that `next` says. A listing that fails breaks off in the middle. */
export function faulty(storage: Storage, next: (call: string) => Fate): Storage {
  let dead = false;
  const meet = async <T>(call: string, act: () => Promise<T>): Promise<T> => {
    const fate: Fate = dead ? "dies" : next(call);
    dead ||= fate.startsWith("dies");
    if (fate === "works") return act();
    if (fate.endsWith("done")) await act();
    throw new StorageFailed(`${call}: ${fate}`);
  };
  const { beginFile } = storage;
  return {
    ...(beginFile && {
      beginFile: async (name: string) => {
        const file = await meet(`begin ${name}`, async () => undefined).then(() => beginFile(name));
        if (!file) return undefined;
        let finished = false;
        const finish = async () => {
          finished = true;
          await file.finish();
        };
        return {
          fd: file.fd,
          drop: file.drop,
          finish: () =>
            meet(`finish ${name}`, finish).catch(async (error: unknown) => {
              if (!finished) await file.drop(); // as a storage does whose finish fails
              throw error;
            }),
        };
      },
    }),
    put: (name, bytes) => meet(`put ${name}`, () => storage.put(name, bytes)),
    get: (name, range, into) => meet(`get ${name}`, () => storage.get(name, range, into)),
    delete: (name) => meet(`delete ${name}`, () => storage.delete(name)),
    settle: () => meet("settle", () => storage.settle()),
    async *list(prefix) {
      const fate: Fate = dead ? "dies" : next(`list ${prefix}`);
      dead ||= fate.startsWith("dies");
      for await (const object of storage.list(prefix)) {
        if (fate === "works") yield object;
        else if (fate.endsWith("done")) {
          yield object;
          break;
        } else break;
      }
      if (fate !== "works") throw new StorageFailed(`list ${prefix}: ${fate}`);
    },
  };
}
