import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { StorageRefused } from "./storage-refused.ts";

/** Where a repository is; without credentials, so that it may be shown and logged. */
export type Location =
  | { readonly kind: "folder"; readonly path: string }
  | (RemoteLocation & { readonly kind: "s3"; readonly bucket: string; readonly endpoint?: string })
  | (RemoteLocation & {
      readonly kind: "swift";
      readonly container: string;
      readonly auth_url?: string;
      readonly interface?: string;
    });

interface RemoteLocation {
  /** Folder in the bucket or container; empty for all of it. */
  readonly prefix: string;
  readonly region?: string;
  readonly settle_ms?: number;
}

const GRAMMAR =
  "give a folder, s3://BUCKET/FOLDER?endpoint=URL&region=NAME, or swift://CONTAINER/FOLDER?auth_url=URL&region=NAME";
const QUERY = {
  "s3:": {
    names: ["endpoint", "region", "settle_s"],
    credentials: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  },
  "swift:": {
    names: ["auth_url", "region", "interface", "settle_s"],
    credentials: "OS_CLOUD, OS_* or ST_USER and ST_KEY",
  },
} as const;
const LOOKS_SECRET = /secret|passw|key|token|user|credential|signature/i;

/**
 * Reads a repository's URL. A folder is a path, also relative to `cwd`, or `file:///…`.
 * @throws StorageRefused that says what is wrong; for credentials in the URL, too, which others can see in lists of processes and in logs
 */
export function parseLocation(text: string, cwd: string = process.cwd()): Location {
  if (text === "") throw new StorageRefused(`the repository's URL is empty: ${GRAMMAR}`);
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: "folder", path: resolve(cwd, text) };
  const url = URL.parse(text);
  const protocol = url?.protocol;
  if (url && protocol === "file:") return { kind: "folder", path: folderOf(url) };
  if (!url || (protocol !== "s3:" && protocol !== "swift:"))
    throw new StorageRefused(`this is no URL of a repository: ${GRAMMAR}`);
  const { names, credentials } = QUERY[protocol];
  const refuseSecrets = () => {
    throw new StorageRefused(`the repository's URL holds credentials: put them into ${credentials} instead`);
  };
  if (url.username || url.password) refuseSecrets();
  for (const name of url.searchParams.keys()) {
    if ((names as readonly string[]).includes(name)) continue;
    if (LOOKS_SECRET.test(name)) refuseSecrets();
    throw new StorageRefused(`a URL ${protocol}// has no ${name}: it may have ${names.join(", ")}`);
  }
  if (url.hash || !url.hostname || url.port)
    throw new StorageRefused(`the URL ${protocol}// does not name what it should: ${GRAMMAR}`);
  const of = (name: string) => url.searchParams.get(name) || undefined;
  const remote = {
    prefix: decodeURIComponent(url.pathname),
    ...present("region", of("region")),
    ...present("settle_ms", settleMs(of("settle_s"))),
  };
  const holder = decodeURIComponent(url.hostname);
  return protocol === "s3:"
    ? { kind: "s3", bucket: holder, ...remote, ...present("endpoint", webUrl("endpoint", of("endpoint"))) }
    : {
        kind: "swift",
        container: holder,
        ...remote,
        ...present("auth_url", webUrl("auth_url", of("auth_url"))),
        ...present("interface", of("interface")),
      };
}

function folderOf(url: URL): string {
  if (url.hostname) throw new StorageRefused(`file://${url.hostname} is another machine: write file:///PATH`);
  return fileURLToPath(url);
}

/** @throws StorageRefused unless it is a web address without credentials */
export function webUrl(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:") || url.username || url.password)
    throw new StorageRefused(`${name} must be https://HOST or http://HOST, without credentials`);
  return text.replace(/\/+$/, "");
}

function settleMs(seconds: string | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  if (!/^\d{1,4}$/.test(seconds))
    throw new StorageRefused(`settle_s is "${seconds}": it must be a whole number of seconds`);
  return Number(seconds) * 1000;
}

function present<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]: Value });
}
