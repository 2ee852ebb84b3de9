import { negotiate } from "../negotiation/negotiate.ts";
import { collect, type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";
import { type WaitOptions, waitUntil, waitUntilGone } from "../service/wait-until.ts";

/** Volumes that belong together. Which types of groups there are, and whether they are consistent, admins decide. */
export interface Group {
  id: string;
  name: string | null;
  description: string | null;
  status: string;
  group_type: string;
  volume_types: string[];
  availability_zone: string | null;
  created_at: string;
}

/** A snapshot of each volume of a group, all of one moment where the group's type says so. */
export interface GroupSnapshot {
  id: string;
  name: string | null;
  description: string | null;
  status: string;
  group_id: string;
  group_type_id: string;
  created_at: string;
}

export interface GroupType {
  id: string;
  name: string;
  is_public: boolean;
  /** `consistent_group_snapshot_enabled` is `<is> True` where all volumes are snapshot at one moment. */
  group_specs?: Record<string, string>;
}

const ofGroups = (cinder: ServiceClient) => negotiate(cinder, "create_group.volumes").microversion;
const ofSnapshots = (cinder: ServiceClient) => negotiate(cinder, "snapshot_group.volumes").microversion;

/** @throws NotOffered the site is too old for groups */
export async function listGroups(cinder: ServiceClient, options: ListOptions = {}): Promise<Group[]> {
  const source = { ...options, path: "/groups/detail", key: "groups", microversion: ofGroups(cinder) };
  return await collect(listPages<Group>(cinder, source));
}

/** @throws NotOffered the site is too old for groups */
export async function listGroupTypes(cinder: ServiceClient): Promise<GroupType[]> {
  return await cinder.get("/group_types", { microversion: ofGroups(cinder), unwrap: "group_types" });
}

/**
 * Starts an empty group; wait with `waitForGroup`.
 * @throws OpenStackError 400 no such type of group or volumes, 413 quota
 * @throws NotOffered the site is too old for groups
 */
export function createGroup(
  cinder: ServiceClient,
  group: { name: string; description?: string; group_type: string; volume_types: readonly string[] },
): Promise<Pick<Group, "id">> {
  return cinder.post("/groups", { body: { group }, microversion: ofGroups(cinder), unwrap: "group" });
}

/** @throws OpenStackError 400 the group does not take volumes of that type, or a volume is in another group */
export async function addToGroup(
  cinder: ServiceClient,
  id: string,
  volume_ids: readonly string[],
): Promise<void> {
  const body = { group: { add_volumes: volume_ids.join(",") } };
  await cinder.put(`/groups/${id}`, { body, microversion: ofGroups(cinder) });
}

/** The volumes stay. @throws OpenStackError 400 while the group has snapshots */
export async function removeFromGroup(
  cinder: ServiceClient,
  id: string,
  volume_ids: readonly string[],
): Promise<void> {
  const body = { group: { remove_volumes: volume_ids.join(",") } };
  await cinder.put(`/groups/${id}`, { body, microversion: ofGroups(cinder) });
}

/** Deletes a group without volumes. @throws OpenStackError 400 it has volumes or snapshots */
export async function deleteGroup(cinder: ServiceClient, id: string): Promise<void> {
  const body = { delete: { "delete-volumes": false } };
  await cinder.post(`/groups/${id}/action`, { body, microversion: ofGroups(cinder) });
}

/**
 * Starts a snapshot of each volume of the group: `listSnapshots` with `group_snapshot_id` finds them.
 * @throws OpenStackError 400 the group has no volumes, 413 quota
 * @throws NotOffered the site is too old for it
 */
export function createGroupSnapshot(
  cinder: ServiceClient,
  group_snapshot: { group_id: string; name: string; description?: string },
): Promise<Pick<GroupSnapshot, "id">> {
  const body = { group_snapshot };
  const microversion = ofSnapshots(cinder);
  return cinder.post("/group_snapshots", { body, microversion, unwrap: "group_snapshot" });
}

/** Deletes the snapshots of its volumes, too. */
export async function deleteGroupSnapshot(cinder: ServiceClient, id: string): Promise<void> {
  await cinder.delete(`/group_snapshots/${id}`, { microversion: ofSnapshots(cinder) });
}

/**
 * Waits until it is `available`: after it was made or changed.
 * @throws ResourceFailed it ended in an error, or took too long
 */
export function waitForGroup(
  cinder: ServiceClient,
  id: string,
  options: WaitOptions<Group> = {},
): Promise<Group> {
  const read = () => cinder.get<Group>(`/groups/${id}`, { microversion: ofGroups(cinder), unwrap: "group" });
  return waitUntil({ ...watch("group", id, read), done: isAvailable }, options);
}

/**
 * Waits until every snapshot of it is `available`.
 * @throws ResourceFailed one of them failed, or it took too long
 */
export function waitForGroupSnapshot(
  cinder: ServiceClient,
  id: string,
  options: WaitOptions<GroupSnapshot> = {},
): Promise<GroupSnapshot> {
  return waitUntil({ ...watchSnapshot(cinder, id), done: isAvailable }, options);
}

/** @throws ResourceFailed it ended in an error, or took too long */
export function waitForGroupSnapshotGone(
  cinder: ServiceClient,
  id: string,
  options: WaitOptions<GroupSnapshot> = {},
): Promise<void> {
  return waitUntilGone(watchSnapshot(cinder, id), options);
}

const isAvailable = ({ status }: { status: string }) => status === "available";

function watchSnapshot(cinder: ServiceClient, id: string) {
  const microversion = ofSnapshots(cinder);
  const read = () =>
    cinder.get<GroupSnapshot>(`/group_snapshots/${id}`, { microversion, unwrap: "group_snapshot" });
  return watch("group snapshot", id, read);
}

function watch<T extends { status: string }>(resource: string, id: string, read: () => Promise<T>) {
  return {
    resource,
    id,
    read,
    status: ({ status }: T) => status,
    failed: ({ status }: T) =>
      status.startsWith("error") ? "the site's block storage gave up on it." : undefined,
  };
}
