import type { ResourceKind } from "@uniview/api";
import type { Logger } from "pino";
import type { EventHub } from "../events/hub.ts";
import type { KnownProject } from "../sites/service.ts";

/** Tells whoever was granted the project what changed in it; `null`: look at all of the kind again. */
export type Announce = (project: KnownProject, kind: ResourceKind, ids: readonly string[] | null) => void;

/** More changes at once than this are told as one: read the list again. */
const MAX_TOLD_APART = 50;

export function createAnnounce(events: Pick<EventHub, "publish">, log: Logger): Announce {
  return ({ id: site_project_id, site }, kind, ids) => {
    const told = ids === null || ids.length > MAX_TOLD_APART ? [null] : ids;
    const changes = told.map((id) => ({ type: "resource", kind, site, id }) as const);
    events.publish(changes, { site_project_id }).catch((error: unknown) => {
      log.warn({ site, kind, err: error }, "a change could not be told");
    });
  };
}
