/** The path of an endpoint taken apart: `/compute/v2.1/PROJECT` is `/compute`, `v2.1`, `/PROJECT`. */
export interface EndpointPath {
  origin: string;
  /** Path before the version, without a slash at its end. */
  root: string;
  version: string | undefined;
  /** Path after the version (a project id), with a slash before it; empty where there is none. */
  tail: string;
}

export function takeApart(endpoint: string): EndpointPath {
  const { origin, pathname } = new URL(endpoint);
  const segments = pathname.split("/").filter((segment) => segment !== "");
  const at = segments.findIndex((segment) => /^v\d+(\.\d+)?$/.test(segment));
  if (at === -1) return { origin, root: joined(segments), version: undefined, tail: "" };
  // A double `/v3/v3`, as mended configurations leave behind, is one.
  const after = segments.slice(at + 1).filter((segment) => segment !== segments[at]);
  return { origin, root: joined(segments.slice(0, at)), version: segments[at], tail: joined(after) };
}

export function putTogether({ origin, root, version, tail }: EndpointPath): string {
  return `${origin}${root}${version === undefined ? "" : `/${version}`}${tail}`;
}

function joined(segments: string[]): string {
  return segments.map((segment) => `/${segment}`).join("");
}
