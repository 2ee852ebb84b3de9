import type { Discovery } from "@uniview/api";
import { type Session, SiteUnreachable } from "@uniview/openstack";
import type { Logger } from "pino";
import type { EventHub } from "../events/hub.ts";
import { discover, discoverOpenly } from "./discover.ts";
import type { SiteRow, SiteStore } from "./site-store.ts";

/** An upgraded service shows within this time and one probe. Costs a site one small document a service. */
const LOOK_EVERY_MS = 45_000;

/** Keeps what is written about a site's services true while the site is upgraded, moved or replaced. */
export interface ServicesWatch {
  /**
   * Asks every service for its versions and writes them down; of a site that refuses the session's credential those
   * that are told to everybody.
   * @throws what the site did to the session, after the rest was written down
   */
  look(site: SiteRow, session: Session): Promise<void>;
  /** The same in the background, where the last look is old enough, or `changed` says that something happened. */
  lookWhereDue(site: SiteRow, session: Session, changed: boolean): void;
}

interface Options {
  readonly store: Pick<SiteStore, "setDiscovery">;
  readonly events: EventHub;
  readonly log: Logger;
}

export function createServicesWatch({ store, events, log }: Options): ServicesWatch {
  const looking = new Map<string, Promise<void>>();

  const write = async (site: SiteRow, discovery: Discovery): Promise<void> => {
    await store.setDiscovery(site.id, discovery);
    const changes = changesOf(site.discovery, discovery);
    if (changes.length === 0) return;
    log.info({ site: site.name, changes }, "the site's services have changed");
    await events.publish({ type: "site", site: site.name }, { site_id: site.id });
  };

  const findOut = async (site: SiteRow, session: Session): Promise<void> => {
    let discovery: Discovery;
    try {
      discovery = await discover(session);
    } catch (error) {
      const is_away = error instanceof SiteUnreachable && error.kind !== "no_endpoint";
      if (!is_away) await write(site, await discoverOpenly(session, site.discovery));
      throw error;
    }
    await write(site, discovery);
  };

  const look = (site: SiteRow, session: Session): Promise<void> => {
    const running = looking.get(site.id);
    if (running) return running;
    const run = findOut(site, session).finally(() => looking.delete(site.id));
    looking.set(site.id, run);
    return run;
  };

  return {
    look,
    lookWhereDue(site, session, changed) {
      const age_ms = Date.now() - Date.parse(site.discovery.discovered_at);
      if (!changed && age_ms < LOOK_EVERY_MS) return;
      look(site, session).catch((error: unknown) => {
        // the probe tells people; a session that was closed meanwhile is nothing to tell
        log.debug({ err: error, site: site.name }, "the site's services were not all looked at");
      });
    },
  };
}

/** `compute: 2.87 → 2.100`, `block-storage: ok → unavailable`. */
function changesOf(before: Discovery, now: Discovery): string[] {
  const services = now.services.flatMap(({ type, ...service }) => {
    const old = before.services.find((one) => one.type === type);
    const fields = ["version", "max_microversion", "endpoint", "state"] as const;
    return fields
      .filter((field) => old?.[field] !== service[field])
      .map((field) => `${type}: ${old?.[field] ?? "none"} → ${service[field] ?? "none"}`);
  });
  const gone = before.services.filter(({ type }) => !now.services.some((one) => one.type === type));
  const limits = ({ limitations }: Discovery) => limitations.map(({ what }) => what).join("\n");
  const warnings = limits(before) === limits(now) ? [] : ["limitations"];
  return [...services, ...gone.map(({ type }) => `${type}: gone`), ...warnings];
}
