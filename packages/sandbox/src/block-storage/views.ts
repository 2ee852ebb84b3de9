import type { Call } from "../http/route.ts";
import type { Snapshot, Volume, VolumeType } from "./state.ts";

export function viewVolumeBriefly(call: Call, volume: Volume): Record<string, unknown> {
  return { id: volume.id, name: volume.name, links: links(call, volume.id) };
}

/** `shown`: as GET shows it; a request that creates or changes a volume answers with less. */
export function viewVolume(call: Call, volume: Volume, shown: boolean): Record<string, unknown> {
  const { site, version } = call;
  const type = site.state.volume_types.get(volume.volume_type_id);
  const since = (wanted: string, fields: Record<string, unknown>) => (version.atLeast(wanted) ? fields : {});
  return {
    id: volume.id,
    status: volume.status,
    size: volume.size,
    availability_zone: volume.availability_zone,
    created_at: volume.created_at,
    updated_at: volume.updated_at,
    name: volume.name,
    description: volume.description,
    volume_type: type?.name ?? null,
    snapshot_id: volume.snapshot_id,
    source_volid: volume.source_volid,
    metadata: volume.metadata,
    links: links(call, volume.id),
    user_id: volume.user_id,
    bootable: String(volume.bootable),
    encrypted: volume.encryption_key_id !== undefined,
    replication_status: null,
    consistencygroup_id: null,
    multiattach: volume.multiattach,
    attachments: volume.attachments.map((attachment) => ({
      id: volume.id,
      attachment_id: attachment.attachment_id,
      volume_id: volume.id,
      server_id: attachment.server_id,
      host_name: call.caller.is_admin ? "compute-1" : null,
      device: attachment.device,
      attached_at: attachment.attached_at,
    })),
    ...since("3.13", { group_id: volume.group_id ?? null }),
    ...since("3.48", { shared_targets: false, service_uuid: null }),
    ...(volume.encryption_key_id === undefined
      ? {}
      : since("3.64", { encryption_key_id: volume.encryption_key_id })),
    ...since("3.63", { volume_type_id: volume.volume_type_id }),
    ...since("3.65", { consumes_quota: true }),
    ...(shown ? { "os-vol-tenant-attr:tenant_id": volume.project_id } : {}),
    ...(shown && call.caller.is_admin
      ? {
          "os-vol-host-attr:host": `${site.name}@sandbox#pool`,
          "os-vol-mig-status-attr:migstat": null,
          "os-vol-mig-status-attr:name_id": null,
        }
      : {}),
    ...(shown && Object.keys(volume.image_metadata).length > 0
      ? { volume_image_metadata: volume.image_metadata }
      : {}),
  };
}

export function viewSnapshot(call: Call, snapshot: Snapshot, shown: boolean): Record<string, unknown> {
  return {
    id: snapshot.id,
    created_at: snapshot.created_at,
    updated_at: snapshot.updated_at,
    name: snapshot.name,
    description: snapshot.description,
    volume_id: snapshot.volume_id,
    status: snapshot.status,
    size: snapshot.size,
    metadata: snapshot.metadata,
    ...(call.version.atLeast("3.14") ? { group_snapshot_id: snapshot.group_snapshot_id ?? null } : {}),
    ...(call.version.atLeast("3.41") ? { user_id: snapshot.user_id } : {}),
    ...(call.version.atLeast("3.65") ? { consumes_quota: true } : {}),
    ...(shown
      ? {
          "os-extended-snapshot-attributes:project_id": snapshot.project_id,
          "os-extended-snapshot-attributes:progress": snapshot.status === "available" ? "100%" : "0%",
        }
      : {}),
  };
}

export function viewVolumeType(call: Call, type: VolumeType): Record<string, unknown> {
  return {
    id: type.id,
    name: type.name,
    is_public: type.is_public,
    description: type.description,
    extra_specs: call.caller.is_admin ? type.extra_specs : {},
    "os-volume-type-access:is_public": type.is_public,
    ...(call.caller.is_admin ? { qos_specs_id: null } : {}),
  };
}

function links(call: Call, id: string): unknown[] {
  const { root, caller } = call;
  const unversioned = root.replace(/\/v3$/, "");
  return [
    { rel: "self", href: `${root}/${caller.project_id}/volumes/${id}` },
    { rel: "bookmark", href: `${unversioned}/${caller.project_id}/volumes/${id}` },
  ];
}
