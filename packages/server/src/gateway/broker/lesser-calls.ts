import type { Json, OperationName } from "@uniview/openstack";

export type Body = { [key: string]: Json };

/** A call that an older site takes in a lesser form. */
export interface LesserCall {
  readonly operation: OperationName;
  readonly method: string;
  /** Of the path after version and project. */
  readonly path: RegExp;
  /** Whether the call wants what the operation is about; absent: always. */
  wants?(body: Body): boolean;
  /** Makes it one that the way with this key takes; absent: nothing in it changes. */
  lessen?(body: Body, way: string): void;
}

const SERVERS = /^\/servers$/;
const ACTION = /^\/servers\/[^/]+\/action$/;
const ATTACH = /^\/servers\/[^/]+\/os-volume_attachments$/;

/** What clients ask of newer sites most, and how older ones are asked. The versions are in `OPERATIONS`. */
export const LESSER_CALLS: readonly LesserCall[] = [
  reading("read_server.details", /^\/servers\/(?:detail|[^/]+)$/),
  reading("read_flavor.extra_specs", /^\/flavors(?:\/[^/]+)?$/),
  reading("read_attachment.details", /^\/servers\/[^/]+\/os-volume_attachments(?:\/[^/]+)?$/),
  without("create_server.description", SERVERS, "server", "description"),
  without("create_server.tags", SERVERS, "server", "tags"),
  without("create_server.hostname", SERVERS, "server", "hostname"),
  without("create_server.host", SERVERS, "server", "host"),
  without("create_server.trusted_certificates", SERVERS, "server", "trusted_image_certificates"),
  withoutInEach("create_server.nic_tag", "networks", "tag"),
  withoutInEach("create_server.disk_tag", "block_device_mapping_v2", "tag"),
  withoutInEach("create_server.volume_type", "block_device_mapping_v2", "volume_type"),
  {
    operation: "create_server.automatic_network",
    method: "POST",
    path: SERVERS,
    wants: (body) => inner(body, "server")?.["networks"] === "auto",
    lessen: (body) => drop(inner(body, "server"), "networks"),
  },
  {
    operation: "lock_server.reason",
    method: "POST",
    path: ACTION,
    wants: (body) => inner(body, "lock")?.["locked_reason"] !== undefined,
    lessen(body) {
      body["lock"] = null;
    },
  },
  without("attach_volume.delete_on_termination", ATTACH, "volumeAttachment", "delete_on_termination"),
  without("attach_volume.tag", ATTACH, "volumeAttachment", "tag"),
  without("attach_interface.tag", /^\/servers\/[^/]+\/os-interface$/, "interfaceAttachment", "tag"),
  {
    operation: "create_snapshot.in_use",
    method: "POST",
    path: /^\/snapshots$/,
    lessen(body) {
      const snapshot = inner(body, "snapshot");
      if (snapshot) snapshot["force"] = true;
    },
  },
  without("create_backup.metadata", /^\/backups$/, "backup", "metadata"),
  without("create_backup.availability_zone", /^\/backups$/, "backup", "availability_zone"),
];

function reading(operation: OperationName, path: RegExp): LesserCall {
  return { operation, method: "GET", path };
}

/** A field of the thing that is sent, which older sites refuse. */
function without(operation: OperationName, path: RegExp, thing: string, field: string): LesserCall {
  return {
    operation,
    method: "POST",
    path,
    wants: (body) => inner(body, thing)?.[field] !== undefined,
    lessen: (body) => drop(inner(body, thing), field),
  };
}

/** A field of each network or disk of a new server. */
function withoutInEach(operation: OperationName, list: string, field: string): LesserCall {
  const each = (body: Body): Body[] => {
    const items = inner(body, "server")?.[list];
    return Array.isArray(items) ? items.filter(isBody) : [];
  };
  return {
    operation,
    method: "POST",
    path: SERVERS,
    wants: (body) => each(body).some((item) => item[field] !== undefined),
    lessen(body) {
      for (const item of each(body)) drop(item, field);
    },
  };
}

function inner(body: Body, name: string): Body | undefined {
  const value = body[name];
  return isBody(value) ? value : undefined;
}

function drop(from: Body | undefined, field: string): void {
  if (from) Reflect.deleteProperty(from, field);
}

function isBody(value: Json | undefined): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
