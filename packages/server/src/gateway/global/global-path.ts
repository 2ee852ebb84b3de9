import { aliasesOf } from "../catalog/service-types.ts";

export type GlobalFamily = "compute" | "block-storage" | "image" | "network";

/** A path of the region of all sites, without what differs from site to site: version and project. */
export interface GlobalPath {
  readonly family: GlobalFamily;
  /** First segment: `servers`, `os-keypairs`. */
  readonly collection: string;
  /** undefined: the collection itself. */
  readonly id: string | undefined;
  /** From the collection on, with its first slash: `/servers/1/action`. */
  readonly rest: string;
  /** What the path had before: `/v2.1`, `/v3/<project>`. */
  readonly prefix: string;
}

/** The forms of URL that clients know: with the project or without. */
const PREFIXES: Readonly<Record<GlobalFamily, RegExp>> = {
  compute: /^\/v2(?:\.1)?(?:\/[0-9a-f]{32})?(?=\/)/,
  "block-storage": /^\/v3(?:\/[0-9a-f]{32})?(?=\/)/,
  image: /^\/v2(?:\.\d+)?(?=\/)/,
  network: /^\/v2\.0(?=\/)/,
};

export function familyOf(service: string): GlobalFamily | undefined {
  return (Object.keys(PREFIXES) as GlobalFamily[]).find((family) => aliasesOf(family).includes(service));
}

/** @returns undefined for what the region does not have */
export function readGlobalPath(service: string, path: string): GlobalPath | undefined {
  const family = familyOf(service);
  const prefix = family && PREFIXES[family].exec(path)?.[0];
  if (family === undefined || prefix === undefined) return undefined;
  // older clients of Neutron say which format they want
  const rest = path
    .slice(prefix.length)
    .replace(/\/+$/, "")
    .replace(/\.json$/, "");
  const [, collection = "", second] = rest.split("/");
  if (collection === "") return undefined;
  const id = second === "" || (second === "detail" && isList(family, collection)) ? undefined : second;
  return { family, collection, id, rest, prefix };
}

/** Lists that are merged over all sites. */
const LISTS: Readonly<Record<GlobalFamily, ReadonlySet<string>>> = {
  compute: new Set([
    "servers",
    "flavors",
    "os-keypairs",
    "os-server-groups",
    "os-availability-zone",
    "extensions",
  ]),
  "block-storage": new Set([
    "volumes",
    "snapshots",
    "types",
    "backups",
    "os-availability-zone",
    "extensions",
  ]),
  image: new Set(["images"]),
  network: new Set([
    "networks",
    "subnets",
    "ports",
    "routers",
    "floatingips",
    "security-groups",
    "security-group-rules",
    "availability_zones",
    "extensions",
  ]),
};

export function isList(family: GlobalFamily, collection: string): boolean {
  return LISTS[family].has(collection);
}
