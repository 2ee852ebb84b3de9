import { json, type Reply } from "../http/reply.ts";
import type { Site } from "../site.ts";

const UPDATED = "2013-07-23T11:33:21Z";

export function listVersions(site: Site, root: string): Reply {
  const legacy = {
    id: "v2.0",
    status: "SUPPORTED",
    version: "",
    min_version: "",
    updated: "2011-01-21T11:33:21Z",
    links: [{ rel: "self", href: `${root.replace(/v2\.1$/, "v2")}/` }],
  };
  return json({ versions: [legacy, version(site, root)] });
}

export function showVersion(site: Site, root: string): Reply {
  const shown = version(site, root);
  return json({
    version: {
      ...shown,
      links: [...shown.links, { rel: "describedby", type: "text/html", href: "http://docs.openstack.org/" }],
      "media-types": [
        { base: "application/json", type: "application/vnd.openstack.compute+json;version=2.1" },
      ],
    },
  });
}

function version(site: Site, root: string) {
  return {
    id: "v2.1",
    status: "CURRENT",
    version: site.release.compute_max,
    min_version: "2.1",
    updated: UPDATED,
    links: [{ rel: "self", href: `${root}/` }],
  };
}
