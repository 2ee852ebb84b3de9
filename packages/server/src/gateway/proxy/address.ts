export const PROXY_PREFIX = "/openstack/";

/** `/openstack/<region>/<service>/<path>?<query>`, taken apart. Nothing in it is decoded but region and service. */
export interface ProxyAddress {
  readonly region_id: string;
  readonly service: string;
  /** With its first slash, percent-encoded as it came; `/` for the service's root. */
  readonly path: string;
  /** Without `?`; empty: none. */
  readonly query: string;
}

/** A segment that a server would take for `.` or `..`, however it is written. */
const CLIMBS = /\/(?:\.|%2e){1,2}(?=\/|$)/i;
const NAME = /^[\w.-]+$/;

/** @returns undefined for what is no address of a service, or tries to leave its service's part of the paths */
export function readAddress(url: string): ProxyAddress | undefined {
  const mark = url.indexOf("?");
  const full = mark === -1 ? url : url.slice(0, mark);
  const query = mark === -1 ? "" : url.slice(mark + 1);
  const read = full.replaceAll(/%2f/gi, "/");
  if (!full.startsWith(PROXY_PREFIX) || CLIMBS.test(read) || full.includes("\\")) return undefined;
  const after_region = full.indexOf("/", PROXY_PREFIX.length);
  if (after_region === -1) return undefined;
  const region_id = full.slice(PROXY_PREFIX.length, after_region);
  const after_service = full.indexOf("/", after_region + 1);
  const service = full.slice(after_region + 1, after_service === -1 ? undefined : after_service);
  if (!NAME.test(region_id) || !NAME.test(service)) return undefined;
  return { region_id, service, path: after_service === -1 ? "/" : full.slice(after_service), query };
}

/** `/`, `/v2.1`, `/v3/`: where a service tells its versions, which clients read before they have a token. */
export function isVersionDocument(path: string): boolean {
  return /^\/(?:v\d+(?:\.\d+)*\/?)?$/.test(path);
}

/** The version in the path of a call: `/v2.1/servers` → `v2.1`. */
export function versionIn(path: string): string | undefined {
  return /^\/(v\d+(?:\.\d+)*)(?=\/|$)/.exec(path)?.[1];
}
