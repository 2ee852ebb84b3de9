import { unlessMissing } from "../errors/openstack-error.ts";
import { negotiate } from "../negotiation/negotiate.ts";
import type { JsonFields } from "../service/json-fields.ts";
import {
  collect,
  type ListOptions,
  listPages,
  listSentPages,
  type PageSource,
  type SentPage,
} from "../service/list-pages.ts";
import type { SentRows } from "../service/sent-rows.ts";
import type { ServiceClient } from "../service/service-client.ts";
import { type WaitOptions, waitUntil, waitUntilGone } from "../service/wait-until.ts";
import type { Server } from "./server.ts";

/** An older site sends less; the fields of `Server` say from when they are there. */
const readingOf = (nova: ServiceClient) => negotiate(nova, "read_server.details").microversion;

export interface ListServersOptions extends ListOptions {
  /**
   * ISO 8601. Only what changed since then, and also what was DELETED since then, with status `DELETED`
   * (Nova adds `deleted=true` by itself), as long as the site has not purged it.
   */
  changes_since?: string | undefined;
  /** Needs the role admin (or what the site's policy says): servers of every project. */
  all_projects?: boolean | undefined;
}

/** Yields pages of servers with all details. Down cells yield servers with status `UNKNOWN` and few fields (2.69). */
export function listServers(
  nova: ServiceClient,
  options: ListServersOptions = {},
): AsyncGenerator<Server[], void> {
  return listPages<Server>(nova, pagesOf(nova, options));
}

/**
 * The same pages as the site spelled them: for who keeps the bodies, or compares them with those of before.
 *
 * @param fields to find in each server on the way
 */
export function listServersAsSent(
  nova: ServiceClient,
  options: ListServersOptions = {},
  fields?: JsonFields,
): AsyncGenerator<SentPage, void> {
  return listSentPages(nova, pagesOf(nova, options), fields);
}

function pagesOf(nova: ServiceClient, options: ListServersOptions): PageSource {
  const { changes_since, all_projects, ...rest } = options;
  const query = {
    ...rest.query,
    "changes-since": changes_since,
    all_tenants: all_projects === true ? "1" : undefined,
  };
  return { ...rest, query, path: "/servers/detail", key: "servers", microversion: readingOf(nova) };
}

/** Servers whose name is exactly this. Nova's filter is a regular expression, hence the second look. */
export async function findServersByName(nova: ServiceClient, name: string): Promise<Server[]> {
  const pattern = `^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`;
  const found = await collect(listServers(nova, { query: { name: pattern } }));
  return found.filter((server) => server.name === name);
}

/** Servers that carry this metadata. Nova cannot filter by metadata, so all of the project's are read. */
export async function findServersByMetadata(
  nova: ServiceClient,
  key: string,
  value: string,
): Promise<Server[]> {
  const all = await collect(listServers(nova));
  return all.filter((server) => server.metadata?.[key] === value);
}

/** @throws OpenStackError 404 no such server */
export function getServer(nova: ServiceClient, id: string): Promise<Server> {
  return nova.get<Server>(`/servers/${id}`, { microversion: readingOf(nova), unwrap: "server" });
}

/** The same as the site spelled it. @param fields to find in it on the way @throws OpenStackError 404 no such server */
export async function getServerAsSent(
  nova: ServiceClient,
  id: string,
  fields?: JsonFields,
): Promise<SentRows> {
  const options = { microversion: readingOf(nova), require: "server", fields };
  return (await nova.getSent(`/servers/${id}`, options)).rows;
}

/** The flavor's id: sent with a server only below 2.47, so an old reading is asked for on purpose. */
export async function getServerFlavorId(nova: ServiceClient, id: string): Promise<string | undefined> {
  const { microversion } = negotiate(nova, "read_server.flavor_id");
  const server = await nova.get<Server>(`/servers/${id}`, { microversion, unwrap: "server" });
  return server.flavor.id;
}

/** The guest keeps its hostname. @throws OpenStackError 404 */
export async function renameServer(nova: ServiceClient, id: string, name: string): Promise<void> {
  await nova.put(`/servers/${id}`, { body: { server: { name } } });
}

/** Its ports and volumes with `delete_on_termination` go too. @throws OpenStackError 404, 409 (locked) */
export async function deleteServer(nova: ServiceClient, id: string): Promise<void> {
  await nova.delete(`/servers/${id}`);
}

export interface WaitForServer extends WaitOptions<Server> {
  /** For jobs that leave a server in ERROR on purpose. */
  accept_error?: boolean | undefined;
}

/**
 * Waits until the server has the status and no task is under way.
 *
 * @param status `ACTIVE`, `SHUTOFF`…
 * @throws ResourceFailed with the fault's message, when it goes to ERROR or took too long
 */
export function waitForServer(
  nova: ServiceClient,
  id: string,
  status: string,
  options: WaitForServer = {},
): Promise<Server> {
  return waitUntil(
    {
      resource: "server",
      id,
      read: () => getServer(nova, id),
      status: (server) => server.status,
      done: (server) => server.status === status && (server["OS-EXT-STS:task_state"] ?? null) === null,
      failed: (server) =>
        server.status === "ERROR" && options.accept_error !== true
          ? (server.fault?.message ?? "the site gave no reason.")
          : undefined,
    },
    options,
  );
}

/** Waits until the server is deleted. */
export async function waitForServerGone(
  nova: ServiceClient,
  id: string,
  options: WaitOptions<Server> = {},
): Promise<void> {
  await waitUntilGone(
    {
      resource: "server",
      id,
      read: () => getServer(nova, id),
      status: (server) => server.status,
      // An ERROR server may still be on its way out: deleting is exactly what is done with one.
      failed: () => undefined,
    },
    options,
  );
}

/** Deletes what is there and waits; fine when it is gone already. */
export async function removeServer(
  nova: ServiceClient,
  id: string,
  options?: WaitOptions<Server>,
): Promise<void> {
  await unlessMissing(deleteServer(nova, id));
  await waitForServerGone(nova, id, options);
}
