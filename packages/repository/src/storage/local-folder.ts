import { type FileHandle, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isNear } from "./near-files.ts";
import {
  checkName,
  ObjectMissing,
  type Range,
  type Storage,
  type StoredObject,
  tooShort,
} from "./storage.ts";
import { beginUnfinished, UNFINISHED } from "./unfinished-file.ts";

/**
 * A folder. An object is written beside its place, synced, and renamed into it; its folder is synced, too, so
 * that what was put outlives a power cut. `durable: false` leaves both out: for tests and for folders in memory.
 */
export function localFolder(path: string, { durable = true }: { durable?: boolean } = {}): Storage {
  const place = (name: string) => join(path, checkName(name));
  let near: boolean | undefined;
  const isHere = () => {
    near ??= isNear(path);
    return near;
  };
  return {
    async put(name, bytes) {
      const file = await beginUnfinished(place(name), durable);
      try {
        await writeAll(file.handle, bytes);
      } catch (error) {
        await file.drop();
        throw error;
      }
      await file.finish();
    },
    async get(name, range, into) {
      const from = place(name);
      try {
        await using file = await open(from, "r");
        return await readRange(name, file, range, into);
      } catch (error) {
        throw isMissing(error) ? new ObjectMissing(name, { cause: error }) : error;
      }
    },
    fileOf(name) {
      return isHere() ? place(name) : undefined;
    },
    beginFile: async (name) => (isHere() ? beginUnfinished(place(name), durable) : undefined),
    async *list(prefix) {
      const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
      for await (const object of walk(path, folder)) if (object.name.startsWith(prefix)) yield object;
    },
    async delete(name) {
      await rm(place(name), { force: true });
    },
    async settle() {},
  };
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
}

async function readRange(
  name: string,
  file: FileHandle,
  range: Range | undefined,
  into: Uint8Array | undefined,
): Promise<Buffer> {
  const { offset, length } = range ?? { offset: 0, length: (await file.stat()).size };
  const bytes =
    into && into.length >= length
      ? Buffer.from(into.buffer, into.byteOffset, length)
      : Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw tooShort(name, { offset, length }, offset + done);
    done += bytesRead;
  }
  return bytes;
}

async function* walk(root: string, folder: string): AsyncGenerator<StoredObject> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  for (const entry of entries) {
    const name = `${folder}${entry.name}`;
    if (entry.isDirectory()) yield* walk(root, `${name}/`);
    else if (!entry.name.startsWith(UNFINISHED)) {
      const size_bytes = await sizeOf(join(root, name));
      if (size_bytes !== undefined) yield { name, size_bytes };
    }
  }
}

/** Undefined when it was deleted after it was listed. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOENT";
