const VERSION_SEGMENT = /\/v\d+(?:\.\d+)*(?=\/|$)/;

/**
 * Splits the URL of a catalog in the service's root, where its versions are listed, and what comes after it: the form
 * in which clients of the catalog get it. `https://cloud/volume/v3/abc` → `https://cloud/volume` + `/v3/abc`.
 *
 * @returns undefined for what is no http(s) URL
 */
export function splitEndpoint(url: string): { root: string; form: string } | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, origin, pathname } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:") return undefined;
  const path = pathname.replace(/\/+$/, "");
  const at = VERSION_SEGMENT.exec(path)?.index ?? path.length;
  return { root: origin + path.slice(0, at), form: path.slice(at) };
}
