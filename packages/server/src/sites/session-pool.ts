import { Problem } from "@uniview/api";
import {
  type Auth,
  type CloudCredentials,
  createSession,
  Gate,
  type RequestRecord,
  type Session,
  SiteUnreachable,
} from "@uniview/openstack";
import type { Logger } from "pino";
import type { Sealer } from "../secrets/sealer.ts";
import { type Breaker, createBreaker } from "./breaker.ts";
import type { ProjectRow, SiteRow, SiteStore } from "./site-store.ts";

/** Calls under way at once at one project of a site. */
const MAX_IN_FLIGHT = 8;
/** … at all projects of a site together: a site is one machine park however many tenants it has here … */
const MAX_IN_FLIGHT_OF_SITE = 24;
/** … and at all sites together, so many that some dozens that hang do not hold up the others. */
const MAX_IN_FLIGHT_OF_ALL = 1024;

export interface SessionPool {
  /** @throws SiteUnreachable while the site's breaker is open; Problem `not-found` when the project is gone */
  connect(site_project_id: string): Promise<Session>;
  /** The same past an open breaker: for probes and for leaving a site. */
  connectAnyway(site_project_id: string): Promise<Session>;
  /** What a proxy needs to speak to the site itself, whatever its breaker says. @throws Problem `not-found` */
  door(site_project_id: string): Promise<SiteDoor>;
  breakerOf(site_id: string): Breaker;
  /** Told of each try of each call that these sessions make. Must not throw. @returns ends it */
  onCalled(heard: Heard): () => void;
  /** Closes the sessions of projects that are no longer there. */
  prune(): Promise<void>;
  close(): Promise<void>;
}

/** A site as a proxy passes through to it. */
export interface SiteDoor {
  readonly session: Session;
  readonly site_id: string;
  readonly site: string;
  readonly breaker: Breaker;
  /** Which endpoints of its catalog are used. */
  readonly interface: SiteRow["interface"];
  readonly ca_pem: string | undefined;
}

type Heard = (site_project_id: string, record: RequestRecord) => void;

interface Options {
  readonly store: SiteStore;
  readonly sealer: Sealer;
  readonly log: Logger;
  readonly onBreakerOpened: (site_id: string) => void;
}

interface Kept {
  readonly session: Session;
  readonly site: SiteRow;
}

/** What a project's credential is sealed under. */
export function sealLabel(site_project_id: string): string {
  return `site_projects ${site_project_id}`;
}

/** One session per site project, each with connections of its own: a slow site uses up nobody else's. */
export function createSessionPool({ store, sealer, log, onBreakerOpened }: Options): SessionPool {
  const sessions = new Map<string, Promise<Kept>>();
  const breakers = new Map<string, Breaker>();
  const gates = new Map<string, Gate>();
  const of_all = new Gate(MAX_IN_FLIGHT_OF_ALL);

  const gateOf = (site_id: string): Gate => {
    const gate = gates.get(site_id) ?? new Gate(MAX_IN_FLIGHT_OF_SITE);
    gates.set(site_id, gate);
    return gate;
  };
  const listeners = new Set<Heard>();

  const breakerOf = (site_id: string): Breaker => {
    const known = breakers.get(site_id);
    if (known) return known;
    const breaker = createBreaker(() => onBreakerOpened(site_id));
    breakers.set(site_id, breaker);
    return breaker;
  };

  const open = async (id: string): Promise<Kept> => {
    const project = await store.project(id);
    const site = project && (await store.byId(project.site_id));
    if (!project || !site) {
      throw new Problem("not-found", "This project of the site was removed.", {
        remedy: "Add the site again.",
      });
    }
    const breaker = breakerOf(site.id);
    const on_request = (record: RequestRecord) => {
      if (record.status === undefined) breaker.failed();
      else breaker.answered();
      log.trace({ site: site.name, ...record }, "asked a site");
      for (const heard of listeners) heard(id, record);
    };
    const credentials = credentialsOf(site, project, sealer);
    return {
      session: createSession(credentials, {
        max_in_flight: MAX_IN_FLIGHT,
        limits: [gateOf(site.id), of_all],
        on_request,
      }),
      site,
    };
  };

  const keep = (id: string): Promise<Kept> => {
    const known = sessions.get(id);
    if (known) return known;
    const opened = open(id);
    sessions.set(id, opened);
    opened.catch(() => sessions.delete(id));
    return opened;
  };

  const drop = async (id: string) => {
    const kept = sessions.get(id);
    sessions.delete(id);
    await kept?.then(({ session }) => session.close()).catch(() => {}); // it is on its way out
  };

  return {
    async connect(id) {
      const { session, site } = await keep(id);
      const breaker = breakerOf(site.id);
      if (!breaker.open) return session;
      const { host } = new URL(site.auth_url);
      const { kind, message } = breaker.why ?? { kind: "timeout", message: `${host} does not answer.` };
      throw new SiteUnreachable(kind, host, message, { cause: breaker.why });
    },
    connectAnyway: async (id) => (await keep(id)).session,
    async door(id) {
      const { session, site } = await keep(id);
      return {
        session,
        site_id: site.id,
        site: site.name,
        breaker: breakerOf(site.id),
        interface: site.interface,
        ca_pem: site.ca_pem ?? undefined,
      };
    },
    breakerOf,
    onCalled(heard) {
      listeners.add(heard);
      return () => void listeners.delete(heard);
    },
    async prune() {
      const there = new Set((await store.allProjects()).map((project) => project.id));
      await Promise.all([...sessions.keys()].filter((id) => !there.has(id)).map(drop));
    },
    async close() {
      await Promise.all([...sessions.keys()].map(drop));
    },
  };
}

function credentialsOf(site: SiteRow, project: ProjectRow, sealer: Sealer): CloudCredentials {
  return {
    auth_url: site.auth_url,
    region_name: site.region_name ?? undefined,
    interface: site.interface,
    ca_pem: site.ca_pem ?? undefined,
    auth: JSON.parse(sealer.open(project.credential_sealed, sealLabel(project.id))) as Auth,
  };
}
