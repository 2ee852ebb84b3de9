import type { CloudCheck, CloudEntry, RemovedSite, Site } from "@uniview/api";
import type { RequestRecord, Session } from "@uniview/openstack";
import type { z } from "zod";
import type { Principal } from "../http/principal.ts";
import type { SiteDoor } from "./session-pool.ts";

/** A site's project that a user was granted, with a session there. */
export interface GrantedProject {
  readonly session: Session;
  readonly site_id: string;
  readonly site: string;
  readonly site_project_id: string;
  /** The site's own id and name of the project. */
  readonly project_id: string;
  readonly project_name: string;
}

/** One row of `site_projects` as readers of the inventory need it. */
export interface KnownProject {
  readonly id: string;
  readonly site_id: string;
  readonly site: string;
  readonly project_id: string;
  readonly project_name: string;
}

/** The only way in which features reach sites. */
export interface SiteService {
  /**
   * The session of a site project (`site_projects.id`), kept and shared. Ask again before each piece of work.
   * @throws SiteUnreachable at once while the site's breaker is open
   * @throws Problem `not-found` when the project was removed meanwhile
   */
  connect(site_project_id: string): Promise<Session>;
  /**
   * The same for what a user names, and only if it was granted to them. `project_id` is the site's own id.
   * @throws Problem `not-found` unknown site or not granted; `invalid-input` several projects are granted and none named
   */
  connectFor(user_id: string, site_name: string, project_id?: string): Promise<GrantedProject>;
  /** For the gateway, which passes through what others ask of a site. @throws Problem `not-found` */
  door(site_project_id: string): Promise<SiteDoor>;
  /** Every project of every site, whoever was granted it: for readers of the inventory. */
  listProjects(): Promise<KnownProject[]>;
  /** Called when a project was added or removed by this or another server. @returns ends it */
  onProjectsChanged(changed: () => void): () => void;
  /** Told of each try of each call that this server makes at a site. `heard` must not throw. @returns ends it */
  onCalled(heard: (site_project_id: string, record: RequestRecord) => void): () => void;

  checkCloud(cloud: CloudEntry, signal?: AbortSignal): Promise<CloudCheck>;
  addSite(user: Principal, name: string, cloud: CloudEntry, signal?: AbortSignal): Promise<Site>;
  listSites(user: Principal): Promise<Site[]>;
  getSite(user: Principal, name: string): Promise<Site>;
  checkSite(user: Principal, name: string, signal?: AbortSignal): Promise<Site>;
  removeSite(user: Principal, name: string, force: boolean): Promise<z.infer<typeof RemovedSite>>;
}
