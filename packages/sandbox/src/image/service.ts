import type { Exchange } from "../http/exchange.ts";
import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import type { Service } from "../http/service.ts";
import { authenticate } from "../identity/tokens.ts";
import type { Site } from "../site.ts";
import { FILE_ROUTES } from "./file-routes.ts";
import { IMAGE_ROUTES } from "./image-routes.ts";
import { INFO_ROUTES } from "./info-routes.ts";
import { TAG_ROUTES } from "./tag-routes.ts";

const TITLES: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  413: "Request Entity Too Large",
  415: "Unsupported Media Type",
  416: "Requested Range Not Satisfiable",
  503: "Service Unavailable",
};

/** Listed only where the image cache is on, which it is not here. */
const CACHE_MINORS = new Set([14, 16]);
/** From this one on the newest version stands behind those that come with several stores, not in front of them. */
const NEWEST_BEHIND_STORES_SINCE = 17;
const OLDEST_WITH_STORES = 8;

/** Glance, version 2. */
export function imageService(site: Site): Service {
  return {
    name: "image",
    prefix: site.layout.image,
    versioned: "/v2",
    routes: [...IMAGE_ROUTES, ...FILE_ROUTES, ...TAG_ROUTES, ...INFO_ROUTES],
    open(exchange) {
      const path = exchange.path.replace(/\/$/, "");
      if (path === "") return json({ versions: listVersions(site) }, 300);
      if (path === "/versions") return json({ versions: listVersions(site) });
      return undefined;
    },
    authenticate: (exchange) => authenticate(site, exchange),
    refuse,
    unknownPath: () => new Refusal(404, "The resource could not be found."),
    headers: (exchange) => ({ "x-openstack-request-id": exchange.request_id }),
  };
}

function listVersions(site: Site): unknown[] {
  const newest = site.release.image_max_minor;
  const older = Array.from({ length: newest }, (_, back) => newest - 1 - back);
  const listed = older.filter((minor) => !CACHE_MINORS.has(minor));
  const place = newest < NEWEST_BEHIND_STORES_SINCE ? 0 : listed.indexOf(OLDEST_WITH_STORES) + 1;
  const minors = listed.toSpliced(place, 0, newest);
  return minors.map((minor) => ({
    id: `v2.${minor}`,
    status: minor === newest ? "CURRENT" : "SUPPORTED",
    links: [{ rel: "self", href: `${site.url}${site.layout.image}/v2/` }],
  }));
}

/** WebOb's errors: HTML for those who take anything, JSON for those who ask for it, text for those who say nothing. */
function refuse(refusal: Refusal, exchange: Exchange): Reply {
  const { status, message } = refusal;
  const title = TITLES[status] ?? "Error";
  const accept = exchange.header("accept") ?? "";
  if (/text\/html|\*\/\*/.test(accept)) {
    return {
      status,
      headers: { "Content-Type": "text/html; charset=UTF-8" },
      text: `<html>\n <head>\n  <title>${status} ${title}</title>\n </head>\n <body>\n  <h1>${status} ${title}</h1>\n  ${message}<br /><br />\n\n\n\n </body>\n</html>`,
    };
  }
  if (/application\/json/.test(accept)) {
    return json({ message: `${message}<br /><br />\n\n\n`, code: `${status} ${title}`, title }, status);
  }
  return {
    status,
    headers: { "Content-Type": "text/plain; charset=UTF-8" },
    text: `${status} ${title}\n\n${message}\n\n   `,
  };
}
