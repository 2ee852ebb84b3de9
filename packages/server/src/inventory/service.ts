import {
  type Port,
  Problem,
  type ResourceKind,
  type ResourceQuery,
  type Server,
  type ServerAction,
  type ServerDetail,
  type SiteFreshness,
  type Volume,
} from "@uniview/api";
import { isStatus } from "@uniview/openstack";
import { rebootServer, startServer, stopServer } from "@uniview/openstack/compute/server-actions";
import type { Kysely } from "kysely";
import type { z } from "zod";
import type { Tables } from "../db/tables.ts";
import type { Principal } from "../http/principal.ts";
import type { SiteService } from "../sites/service.ts";
import { siteProblem } from "../sites/site-problems.ts";
import { chooseGranted } from "./conditions.ts";
import { readCursor } from "./cursor.ts";
import { findResource, portsOf, rowsByIds, serverNames } from "./find.ts";
import { freshnessOf } from "./freshness.ts";
import { grantedReadings, onePerProject, SEEN_IN_COMMON } from "./granted.ts";
import { listPage } from "./list.ts";
import { nameServers, present, presentAll } from "./present.ts";
import type { InventoryReader } from "./reader.ts";
import { parseSearch } from "./search-terms.ts";
import { actionsOf } from "./server-actions.ts";
import { parseSort } from "./sort.ts";

export interface InventoryPage<Item> {
  items: Item[];
  sites: SiteFreshness[];
  total: { count: number; exact: boolean };
  next_cursor?: string;
}

/** What users see of the inventory. Everything but actions is answered by the database alone and waits for no site. */
export interface InventoryService {
  list<Item>(user: Principal, kind: ResourceKind, query: ResourceQuery): Promise<InventoryPage<Item>>;
  getServer(user: Principal, site: string, id_or_name: string): Promise<ServerDetail>;
  getResource(
    user: Principal,
    kind: ResourceKind,
    site: string,
    id: string,
  ): Promise<{ item: Record<string, unknown>; raw: Record<string, unknown> }>;
  actOnServer(
    user: Principal,
    site: string,
    id: string,
    action: z.output<typeof ServerAction>,
  ): Promise<Server>;
}

export interface InventoryServiceDeps {
  readonly db: Kysely<Tables>;
  readonly sites: Pick<SiteService, "connect">;
  readonly reader: Pick<InventoryReader, "refresh" | "follow">;
}

export function createInventoryService({ db, sites, reader }: InventoryServiceDeps): InventoryService {
  const nameAttached = async (volumes: Volume[], site_project_ids: readonly string[]) => {
    const server_ids = volumes.flatMap(({ attached_to }) => attached_to.map(({ server_id }) => server_id));
    return nameServers(volumes, await serverNames(db, site_project_ids, server_ids));
  };

  return {
    async list<Item>(user: Principal, kind: ResourceKind, query: ResourceQuery) {
      const terms = parseSearch(query.q);
      const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, query.sort);
      const all = chooseGranted(await grantedReadings(db, user.user_id, kind), terms);
      const once = SEEN_IN_COMMON.has(kind);
      const granted = once ? all : onePerProject(all);
      const { sort, limit } = query;
      const page = await listPage(db, {
        kind,
        granted,
        terms,
        sort,
        sort_key: parseSort(sort),
        limit,
        cursor,
        once,
      });
      let items = presentAll<Item>(page.rows, granted);
      if (kind === "volumes") {
        const site_project_ids = granted.map(({ site_project_id }) => site_project_id);
        items = (await nameAttached(items as Volume[], site_project_ids)) as Item[];
      }
      return {
        items,
        sites: freshnessOf(granted, kind),
        total: page.total,
        ...(page.next_cursor === undefined ? {} : { next_cursor: page.next_cursor }),
      };
    },

    async getServer(user, site, id_or_name) {
      const { row, project } = await findResource(db, user.user_id, "servers", site, id_or_name);
      const { raw, ...stored } = row;
      const item = present<Server>(stored, project);
      const { site_project_id } = project;
      const [volume_rows, port_rows] = await Promise.all([
        rowsByIds(db, site_project_id, "volumes", item.volume_ids),
        portsOf(db, site_project_id, item.id),
      ]);
      const volumes = volume_rows.map((one) => present<Volume>(one, project));
      return {
        item,
        raw,
        volumes: await nameAttached(volumes, [site_project_id]),
        ports: port_rows.map((one) => present<Port>(one, project)),
        actions: actionsOf(item),
      };
    },

    async getResource(user, kind, site, id) {
      const { row, project } = await findResource(db, user.user_id, kind, site, id);
      const { raw, ...stored } = row;
      let item = present<Record<string, unknown>>(stored, project);
      if (kind === "volumes") [item = item] = await nameAttached([item as Volume], [project.site_project_id]);
      return { item, raw };
    },

    async actOnServer(user, site, id, { action, hard }) {
      if (hard && action !== "reboot") {
        throw new Problem("invalid-input", `hard: applies to reboot only, not to ${action}.`, {
          field: "hard",
        });
      }
      const { row, project } = await findResource(db, user.user_id, "servers", site, id);
      const { site_project_id } = project;
      try {
        const session = await sites.connect(site_project_id);
        const nova = await session.service("compute");
        if (action === "start") await startServer(nova, row.id);
        else if (action === "stop") await stopServer(nova, row.id);
        else await rebootServer(nova, row.id, hard ? "HARD" : "SOFT");
      } catch (error) {
        // the site knows better than what was read of it: show that soon
        void reader.refresh(site_project_id, "servers", row.id);
        if (isStatus(error, 404)) {
          throw new Problem("not-found", `${site} no longer has the server ${row.name}.`, { site }, error);
        }
        throw siteProblem(error, site);
      }
      reader.follow(site_project_id, row.id);
      await reader.refresh(site_project_id, "servers", row.id);
      const after = await findResource(db, user.user_id, "servers", site, row.id);
      const { raw: _raw, ...stored } = after.row;
      return present<Server>(stored, after.project);
    },
  };
}
