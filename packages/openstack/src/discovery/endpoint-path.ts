import type { ServiceType } from "../service/service-types.ts";

/** The path of an endpoint taken apart: `/compute/v2.1/PROJECT` is `/compute`, `v2.1`, `/PROJECT`. */
export interface EndpointPath {
  origin: string;
  /** Path before the version, without a slash at its end. */
  root: string;
  version: string | undefined;
  /** Path after the version (a project id), with a slash before it; empty where there is none. */
  tail: string;
}

/** Version segments that a service may have in its URLs. Cinder's and Glance's v1 ended with Queens. */
const VERSIONS: Readonly<Record<ServiceType, RegExp | undefined>> = {
  identity: /^v(2\.0|3)$/,
  compute: /^v2(\.\d+)?$/,
  "block-storage": /^v[23]$/,
  image: /^v2(\.\d+)?$/,
  network: /^v2\.0$/,
  placement: undefined,
};

/** The last segment that may be the service's version is it: a gateway may have one of its own before it. */
export function takeApart(type: ServiceType, endpoint: string): EndpointPath {
  const { origin, pathname } = new URL(endpoint);
  const segments = pathname.split("/").filter((segment) => segment !== "");
  const at = segments.findLastIndex((segment) => VERSIONS[type]?.test(segment));
  if (at === -1) return { origin, root: joined(segments), version: undefined, tail: "" };
  const version = segments[at];
  const before = segments.slice(0, at);
  // A double `/v3/v3`, as mended configurations leave behind, is one.
  while (before.at(-1) === version) before.pop();
  return { origin, root: joined(before), version, tail: joined(segments.slice(at + 1)) };
}

export function putTogether({ origin, root, version, tail }: EndpointPath): string {
  return `${origin}${root}${version === undefined ? "" : `/${version}`}${tail}`;
}

function joined(segments: string[]): string {
  return segments.map((segment) => `/${segment}`).join("");
}
