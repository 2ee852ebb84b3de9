import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { bodyObject, type Call, param, type Route, route } from "../http/route.ts";
import { put } from "../state.ts";
import { findGroup, volumesIn } from "./group-routes.ts";
import { makeSnapshot } from "./make-snapshot.ts";
import type { GroupSnapshot, Snapshot } from "./state.ts";

const SINCE = { since: "3.14" };

export const GROUP_SNAPSHOT_ROUTES: Route[] = [
  route("POST", "/group_snapshots", create, { ...SINCE, policy: "group:create_group_snapshot" }),
  route("GET", "/group_snapshots/{id}", (call) => json({ group_snapshot: view(find(call)) }), SINCE),
  route("DELETE", "/group_snapshots/{id}", remove, { ...SINCE, policy: "group:delete_group_snapshot" }),
];

async function create(call: Call): Promise<Reply> {
  const { site, caller } = call;
  const given = await bodyObject(call, "group_snapshot");
  const group = findGroup(call, given.needText("group_id"));
  const volumes = volumesIn(call, group);
  if (volumes.length === 0)
    throw new Refusal(400, `Invalid group: Group ${group.id} has no volumes to snapshot.`);
  const of_group = put(site.state.group_snapshots, {
    id: site.newId(),
    name: given.text("name") ?? null,
    description: given.text("description") ?? null,
    project_id: caller.project_id,
    group_id: group.id,
    group_type_id: group.group_type_id,
    status: "creating",
    created_at: site.nowNaive(),
  });
  const made = volumes.map((volume) => {
    const wish = { name: of_group.name, description: of_group.description, metadata: {} };
    const { snapshot, made: done } = makeSnapshot(site, caller, volume, wish);
    snapshot.group_snapshot_id = of_group.id;
    return done;
  });
  site.background(async () => {
    await Promise.all(made);
    const failed = snapshotsOf(call, of_group).some(({ status }) => status !== "available");
    of_group.status = failed ? "error" : "available";
  });
  return json({ group_snapshot: { id: of_group.id, name: of_group.name } }, 202);
}

function remove(call: Call): Reply {
  const { site } = call;
  const of_group = find(call);
  of_group.status = "deleting";
  const snapshots = snapshotsOf(call, of_group);
  site.background(async () => {
    await site.transition();
    for (const { id } of snapshots) {
      site.state.snapshots.delete(id);
      await site.disks.remove(site.disks.snapshot(id));
    }
    site.state.group_snapshots.delete(of_group.id);
  });
  return empty(202);
}

function find(call: Call): GroupSnapshot {
  const id = param(call, "id");
  const found = call.site.state.group_snapshots.get(id);
  if (found === undefined || found.project_id !== call.caller.project_id)
    throw new Refusal(404, `GroupSnapshot ${id} could not be found.`);
  return found;
}

function snapshotsOf(call: Call, { id }: GroupSnapshot): Snapshot[] {
  return [...call.site.state.snapshots.values()].filter((one) => one.group_snapshot_id === id);
}

function view({ project_id: _, ...shown }: GroupSnapshot): Record<string, unknown> {
  return shown;
}
