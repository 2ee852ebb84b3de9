import { checkName } from "./storage.ts";

/** Names of a bucket's or container's objects: the repository's own below a folder that others may have beside theirs. */
export interface ObjectPrefix {
  /** @throws RangeError for a name that no storage can hold */
  keyOf(name: string): string;
  /** Of the prefix of a listing, which need not be a whole name. */
  keyPrefixOf(prefix: string): string;
  nameOf(key: string): string;
}

/** @param folder as in a URL: leading and trailing slashes do not count */
export function objectPrefix(folder: string): ObjectPrefix {
  const trimmed = folder.replace(/^\/+|\/+$/g, "");
  const start = trimmed === "" ? "" : `${trimmed}/`;
  return {
    keyOf: (name) => start + checkName(name),
    keyPrefixOf: (prefix) => start + prefix,
    nameOf: (key) => key.slice(start.length),
  };
}
