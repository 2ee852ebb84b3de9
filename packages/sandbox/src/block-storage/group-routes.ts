import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { bodyObject, type Call, param, type Route, route } from "../http/route.ts";
import { put } from "../state.ts";
import { listPage } from "./list-page.ts";
import { findVolumeType } from "./make-volume.ts";
import type { Group, GroupType, Volume } from "./state.ts";

const TYPES_SINCE = { since: "3.11" };
const SINCE = { since: "3.13" };

/** Generic volume groups. What types there are the operator decides; the sandbox's makes one. */
export const GROUP_ROUTES: Route[] = [
  route("GET", "/group_types", (call) => json({ group_types: typesOf(call).map(viewType) }), TYPES_SINCE),
  route("GET", "/groups", (call) => listGroups(call, false), SINCE),
  route("GET", "/groups/detail", (call) => listGroups(call, true), SINCE),
  route("POST", "/groups", createGroup, { ...SINCE, policy: "group:create" }),
  route("GET", "/groups/{group_id}", (call) => json({ group: view(findGroup(call)) }), SINCE),
  route("PUT", "/groups/{group_id}", updateGroup, { ...SINCE, policy: "group:update" }),
  route("POST", "/groups/{group_id}/action", actOnGroup, SINCE),
];

/** Cinder brings one for old consistency groups with it; operators add others. */
function typesOf({ site }: Call): GroupType[] {
  if (site.state.group_types.size === 0) {
    const group_specs = { consistent_group_snapshot_enabled: "<is> True" };
    put(site.state.group_types, { id: site.newId(), name: "consistent", group_specs });
  }
  return [...site.state.group_types.values()];
}

function listGroups(call: Call, in_detail: boolean): Reply {
  const own = [...call.site.state.groups.values()].filter(
    (group) => group.project_id === call.caller.project_id,
  );
  return listPage(call, "groups", in_detail ? "groups/detail" : "groups", own, (group) =>
    in_detail ? view(group) : { id: group.id, name: group.name },
  );
}

async function createGroup(call: Call): Promise<Reply> {
  const { site, caller } = call;
  const given = await bodyObject(call, "group");
  const wanted = given.needText("group_type");
  const type = typesOf(call).find(({ id, name }) => id === wanted || name === wanted);
  if (type === undefined) throw new Refusal(404, `Group type ${wanted} could not be found.`);
  const volume_types = (given.texts("volume_types") ?? []).map((name) => findVolumeType(site, name));
  if (volume_types.length === 0)
    throw new Refusal(400, "Invalid input received: volume_types must be provided to create group.");
  const group = put(site.state.groups, {
    id: site.newId(),
    name: given.text("name") ?? null,
    description: given.text("description") ?? null,
    project_id: caller.project_id,
    group_type_id: type.id,
    volume_type_ids: volume_types.flatMap((one) => one?.id ?? []),
    status: "creating",
    created_at: site.nowNaive(),
  });
  site.background(async () => {
    await site.transition();
    group.status = "available";
  });
  return json({ group: { id: group.id, name: group.name } }, 202);
}

async function updateGroup(call: Call): Promise<Reply> {
  const { site } = call;
  const group = findGroup(call);
  const given = await bodyObject(call, "group");
  const named = (key: string) => (given.text(key) ?? "").split(",").filter((id) => id !== "");
  for (const id of named("add_volumes")) {
    const volume = site.state.volumes.get(id);
    if (volume === undefined || volume.project_id !== call.caller.project_id)
      throw new Refusal(400, `Invalid volume: Cannot add volume ${id} to group: it cannot be found.`);
    if (!group.volume_type_ids.includes(volume.volume_type_id) || (volume.group_id ?? null) !== null)
      throw new Refusal(
        400,
        `Invalid volume: Cannot add volume ${id} to group ${group.id}: its type is not supported or it is in another group.`,
      );
    volume.group_id = group.id;
  }
  for (const id of named("remove_volumes")) {
    const volume = site.state.volumes.get(id);
    if (volume?.group_id !== group.id)
      throw new Refusal(400, `Invalid volume: Cannot remove volume ${id} from group ${group.id}.`);
    volume.group_id = null;
  }
  group.status = "updating";
  site.background(async () => {
    await site.transition();
    group.status = "available";
  });
  return empty(202);
}

async function actOnGroup(call: Call): Promise<Reply> {
  const { site } = call;
  const group = findGroup(call);
  const given = await bodyObject(call, "delete");
  const has_snapshots = [...site.state.group_snapshots.values()].some((one) => one.group_id === group.id);
  if (volumesIn(call, group).length > 0 && given.flag("delete-volumes") !== true)
    throw new Refusal(
      400,
      `Invalid group: Group ${group.id} is not empty. Delete-volumes must be set to True.`,
    );
  if (has_snapshots)
    throw new Refusal(400, `Invalid group: Group ${group.id} has dependent group snapshots.`);
  site.state.groups.delete(group.id);
  return empty(202);
}

export function findGroup(call: Call, id = param(call, "group_id")): Group {
  const group = call.site.state.groups.get(id);
  if (group === undefined || group.project_id !== call.caller.project_id)
    throw new Refusal(404, `Group ${id} could not be found.`);
  return group;
}

export function volumesIn(call: Call, group: Group): Volume[] {
  return [...call.site.state.volumes.values()].filter(({ group_id }) => group_id === group.id);
}

function view(group: Group): Record<string, unknown> {
  const { group_type_id, volume_type_ids, project_id: _, ...shown } = group;
  return {
    ...shown,
    group_type: group_type_id,
    volume_types: volume_type_ids,
    availability_zone: "nova",
    group_snapshot_id: null,
    source_group_id: null,
  };
}

function viewType(type: GroupType): Record<string, unknown> {
  return { ...type, description: null, is_public: true };
}
