import { negotiate } from "../negotiation/negotiate.ts";
import { type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";
import { type WaitOptions, waitUntil, waitUntilGone } from "../service/wait-until.ts";

export interface Snapshot {
  id: string;
  name: string | null;
  description: string | null;
  status: string;
  /** GiB, of the volume */
  size: number;
  volume_id: string;
  metadata: Record<string, string>;
  created_at: string;
  updated_at?: string | null;
  "os-extended-snapshot-attributes:progress"?: string;
}

/**
 * Yields pages of the project's snapshots with all details. `query` filters by `volume_id`, `name`, `status`.
 */
export function listSnapshots(
  cinder: ServiceClient,
  options: ListOptions = {},
): AsyncGenerator<Snapshot[], void> {
  return listPages<Snapshot>(cinder, { ...options, path: "/snapshots/detail", key: "snapshots" });
}

/** @throws OpenStackError 404 no such snapshot */
export function getSnapshot(cinder: ServiceClient, id: string): Promise<Snapshot> {
  return cinder.get<Snapshot>(`/snapshots/${id}`, { unwrap: "snapshot" });
}

export interface NewSnapshot {
  volume_id: string;
  name: string;
  description?: string | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
}

/**
 * Snapshots a volume, in use or not: a crash-consistent point on any site, which an older one has to be forced to.
 * @throws OpenStackError 413 quota, 400 wrong status of the volume
 */
export function createSnapshot(cinder: ServiceClient, snapshot: NewSnapshot): Promise<Snapshot> {
  const { microversion, ways } = negotiate(cinder, "create_snapshot.in_use");
  const forced = ways["create_snapshot.in_use"] === "forced" ? { force: true } : {};
  const body = { snapshot: { ...snapshot, ...forced } };
  return cinder.post<Snapshot>("/snapshots", { body, microversion, unwrap: "snapshot" });
}

/** @throws OpenStackError 400 while volumes are being made from it, 404 */
export async function deleteSnapshot(cinder: ServiceClient, id: string): Promise<void> {
  await cinder.delete(`/snapshots/${id}`);
}

/** Waits for a status: `available`. @throws ResourceFailed on any `error…` status, or when it took too long */
export function waitForSnapshot(
  cinder: ServiceClient,
  id: string,
  status: string,
  options: WaitOptions<Snapshot> = {},
): Promise<Snapshot> {
  return waitUntil({ ...watch(cinder, id), done: (snapshot) => snapshot.status === status }, options);
}

/** @throws ResourceFailed it ended in an error or its storage was busy (retryable), or it took too long */
export function waitForSnapshotGone(
  cinder: ServiceClient,
  id: string,
  options: WaitOptions<Snapshot> = {},
): Promise<void> {
  return waitUntilGone(watch(cinder, id), options);
}

function watch(cinder: ServiceClient, id: string) {
  return {
    resource: "snapshot",
    id,
    read: () => getSnapshot(cinder, id),
    status: (snapshot: Snapshot) => snapshot.status,
    failed: (snapshot: Snapshot) =>
      snapshot.status.startsWith("error") ? "the site's block storage gave up on it." : undefined,
  };
}
