import { refuseByKind, refuseUnauthenticated } from "../http/openstack-errors.ts";
import { Refusal } from "../http/refusal.ts";
import { json } from "../http/reply.ts";
import type { Service } from "../http/service.ts";
import { authenticate } from "../identity/tokens.ts";
import type { Site } from "../site.ts";
import { BLOCK_ATTACHMENT_ROUTES } from "./attachment-routes.ts";
import { BACKUP_ROUTES } from "./backup-routes.ts";
import { GROUP_ROUTES } from "./group-routes.ts";
import { GROUP_SNAPSHOT_ROUTES } from "./group-snapshot-routes.ts";
import { VOLUME_LIMIT_ROUTES } from "./limit-routes.ts";
import { SNAPSHOT_ROUTES } from "./snapshot-routes.ts";
import { TRANSFER_ROUTES } from "./transfer-routes.ts";
import { TYPE_ROUTES } from "./type-routes.ts";
import { VOLUME_ACTION_ROUTES } from "./volume-actions.ts";
import { VOLUME_METADATA_ROUTES } from "./volume-metadata-routes.ts";
import { VOLUME_ROUTES } from "./volume-routes.ts";

/** First version that lets the project be left out of the URL. */
const PROJECTLESS_SINCE = 67;

/** Xena no longer had version 2 beside version 3. */
const SECOND_VERSION_GONE_SINCE = 66;

/** Cinder, version 3 with microversions. */
export function blockStorageService(site: Site): Service {
  const max = site.release.volume_max;
  return {
    name: "block-storage",
    prefix: site.layout.volume,
    versioned: "/v3",
    range: { service: "volume", min: "3.0", max },
    project_in_path: Number(max.split(".")[1]) >= PROJECTLESS_SINCE ? "optional" : "required",
    routes: [
      ...VOLUME_ROUTES,
      ...VOLUME_ACTION_ROUTES,
      ...VOLUME_METADATA_ROUTES,
      ...SNAPSHOT_ROUTES,
      ...BACKUP_ROUTES,
      ...BLOCK_ATTACHMENT_ROUTES,
      ...GROUP_ROUTES,
      ...GROUP_SNAPSHOT_ROUTES,
      ...TRANSFER_ROUTES,
      ...TYPE_ROUTES,
      ...VOLUME_LIMIT_ROUTES,
    ],
    open(exchange, root) {
      const path = exchange.path.replace(/\/$/, "");
      if (path !== "" && path !== "/v3") return undefined;
      const version = {
        id: "v3.0",
        status: "CURRENT",
        version: max,
        min_version: "3.0",
        updated: site.release.volume_updated,
        links: [
          { rel: "describedby", type: "text/html", href: "https://docs.openstack.org/" },
          { rel: "self", href: `${root}/` },
        ],
        "media-types": [
          { base: "application/json", type: "application/vnd.openstack.volume+json;version=3" },
        ],
      };
      const headers = { "OpenStack-API-Version": "volume 3.0", Vary: "OpenStack-API-Version" };
      const others = Number(max.split(".")[1]) < SECOND_VERSION_GONE_SINCE ? [secondVersion(root)] : [];
      const versions = path === "" ? [...others, version] : [version];
      return json({ versions }, path === "" ? 300 : 200, headers);
    },
    authenticate: (exchange) => authenticate(site, exchange),
    refuse: (refusal) => (refusal.status === 401 ? refuseUnauthenticated() : refuseByKind(refusal)),
    unknownPath: () => new Refusal(404, "The resource could not be found."),
    headers: (exchange) => ({
      "x-openstack-request-id": exchange.request_id,
      "x-compute-request-id": exchange.request_id,
    }),
  };
}

function secondVersion(root: string) {
  return {
    id: "v2.0",
    status: "DEPRECATED",
    version: "",
    min_version: "",
    updated: "2017-02-25T12:00:00Z",
    links: [
      { rel: "describedby", type: "text/html", href: "https://docs.openstack.org/" },
      { rel: "self", href: `${root.replace(/v3$/, "v2")}/` },
    ],
    "media-types": [{ base: "application/json", type: "application/vnd.openstack.volume+json;version=2" }],
  };
}
