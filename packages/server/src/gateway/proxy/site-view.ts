/** One service of a site, and how it is called on both sides of the gateway. */
export interface ServiceView {
  /** The site's catalog type, and the `<service>` of our path. */
  readonly type: string;
  /** Where it is at the site, without slash at the end. */
  readonly root: string;
  /** Where clients see it: `https://uniview/openstack/zed/compute`. */
  readonly public_root: string;
}

/** What stands for what on the two sides of the gateway, for one project at one site. */
export interface SiteView {
  /** Id of the project as clients know it. */
  readonly project_id: string;
  /** The site's own. */
  readonly site_project_id: string;
  /** Of the site's region, those with the longest root first. */
  readonly services: readonly ServiceView[];
}

export function toSitePath(path: string, view: SiteView): string {
  return swapSegments(path, view.project_id, view.site_project_id);
}

/** Query parameters that hold the id of a project; others are the user's own words. */
const PROJECT_PARAMETERS: ReadonlySet<string> = new Set([
  "project_id",
  "tenant_id",
  "project",
  "tenant",
  "owner",
  "os-share-tenant-id",
]);

export function toSiteQuery(query: string, view: SiteView): string {
  if (!query.includes(view.project_id)) return query;
  return query
    .split("&")
    .map((pair) => {
      const at = pair.indexOf("=");
      const is_project = at > 0 && PROJECT_PARAMETERS.has(pair.slice(0, at));
      return is_project && pair.slice(at + 1) === view.project_id
        ? `${pair.slice(0, at + 1)}${view.site_project_id}`
        : pair;
    })
    .join("&");
}

/**
 * A URL of the site as clients get it; undefined for what is no URL of a service of this site.
 * Sites behind a proxy often tell `http:` where the catalog says `https:`, so the scheme does not count.
 */
export function toPublicUrl(url: string, view: SiteView): string | undefined {
  const bare = withoutScheme(url);
  if (bare === undefined) return undefined;
  for (const { root, public_root } of view.services) {
    const rest = restAfter(bare, withoutScheme(root) ?? root);
    if (rest !== undefined) {
      return public_root + swapSegments(rest, view.site_project_id, view.project_id);
    }
  }
  return undefined;
}

/** The same for a link under a host that the catalog does not name, by the version that the call itself has. */
export function toPublicByVersion(
  url: string,
  service: ServiceView,
  version: string | undefined,
  view: SiteView,
): string | undefined {
  const bare = withoutScheme(url);
  const slash = bare?.indexOf("/") ?? -1;
  if (bare === undefined || slash === -1) return undefined;
  const pattern =
    version === undefined
      ? /\/v\d+(?:\.\d+)*\/?$/
      : new RegExp(`/${version.replaceAll(".", "\\.")}(?=[/?]|$)`);
  const at = pattern.exec(bare.slice(slash))?.index;
  if (at === undefined) return undefined;
  return service.public_root + swapSegments(bare.slice(slash + at), view.site_project_id, view.project_id);
}

/** What clients call by our address, by the site's own: for references in the bodies that they send. */
export function toSiteUrl(url: string, view: SiteView): string | undefined {
  for (const { root, public_root } of view.services) {
    const rest = restAfter(url, public_root);
    if (rest !== undefined) return root + swapSegments(rest, view.project_id, view.site_project_id);
  }
  return undefined;
}

function withoutScheme(url: string): string | undefined {
  return /^https?:\/\//.exec(url) ? url.slice(url.indexOf("//") + 2) : undefined;
}

function restAfter(url: string, root: string): string | undefined {
  if (!url.startsWith(root)) return undefined;
  const rest = url.slice(root.length);
  return rest === "" || "/?#".includes(rest.charAt(0)) ? rest : undefined;
}

/** Replaces the id where it is a whole segment of the path, with Swift's prefix of accounts (`AUTH_`) or without. */
function swapSegments(path: string, from: string, to: string): string {
  if (!path.includes(from)) return path;
  const mark = path.indexOf("?");
  const end = mark === -1 ? path.length : mark;
  const swapped = path
    .slice(0, end)
    .split("/")
    .map((segment) => (isIdOf(segment, from) ? segment.slice(0, -from.length) + to : segment))
    .join("/");
  return swapped + path.slice(end);
}

/** `abc` and `AUTH_abc` (any reseller prefix) are the project `abc`. */
function isIdOf(segment: string, project_id: string): boolean {
  if (!segment.endsWith(project_id)) return false;
  return segment.length === project_id.length || segment.at(-project_id.length - 1) === "_";
}
