import type { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import { bodyObject, type Call } from "../http/route.ts";
import type { Site } from "../site.ts";
import type { Network, NetworkResource } from "./state.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function neutronError(status: number, type: string, message: string): Refusal {
  return new Refusal(status, message, { type });
}

/** The wrapped object of a request, without attributes that the resource does not have. */
export async function readResource(call: Call, key: string, known: readonly string[]): Promise<Fields> {
  const given = await bodyObject(call, key).catch((error: unknown) => {
    if (error instanceof Refusal) {
      throw neutronError(400, "HTTPBadRequest", "Resource body required");
    }
    throw error;
  });
  const unknown = given.keys().filter((name) => !known.includes(name) && !COMMON.has(name));
  if (unknown.length > 0) {
    throw neutronError(400, "HTTPBadRequest", `Unrecognized attribute(s) '${unknown.join(", ")}'`);
  }
  return given;
}

const COMMON = new Set(["name", "description", "project_id", "tenant_id"]);

export function checkUuid(key: string, value: string): string {
  if (!UUID.test(value)) {
    throw neutronError(
      400,
      "HTTPBadRequest",
      `Invalid input for ${key}. Reason: '${value}' is not a valid UUID.`,
    );
  }
  return value;
}

export function required(given: Fields, key: string): string {
  const value = given.text(key);
  if (value === undefined) {
    throw neutronError(
      400,
      "HTTPBadRequest",
      `Failed to parse request. Required attribute '${key}' not specified`,
    );
  }
  return value;
}

/** What every new resource starts with; only administrators make things for others. */
export function newResource(call: Call, given: Fields): NetworkResource {
  const { site, caller } = call;
  const owner = given.text("project_id") ?? given.text("tenant_id") ?? caller.project_id;
  if (owner !== caller.project_id && !caller.is_admin) {
    throw neutronError(
      403,
      "AdminRequired",
      "User does not have admin privileges: Cannot create resource for another tenant.",
    );
  }
  return bareResource(site, owner, given.text("name") ?? "", given.text("description") ?? "");
}

export function bareResource(
  site: Site,
  project_id: string,
  name: string,
  description = "",
): NetworkResource {
  const now = site.now();
  return {
    id: site.newId(),
    name,
    description,
    project_id,
    tags: [],
    created_at: now,
    updated_at: now,
    revision_number: 1,
  };
}

export function touch(site: Site, resource: NetworkResource, given?: Fields): void {
  resource.name = given?.text("name") ?? resource.name;
  resource.description = given?.text("description") ?? resource.description;
  resource.updated_at = site.now();
  resource.revision_number += 1;
}

export function mayUse(call: Call, network: Network): boolean {
  return owns(call, network) || network.shared || network.external;
}

export function owns(call: Call, resource: { project_id: string }): boolean {
  return call.caller.is_admin || resource.project_id === call.caller.project_id;
}

/** What belongs to somebody else is not found. @throws Refusal 404 with Neutron's `<Kind>NotFound` */
export function findOwn<Row extends { project_id: string }>(
  call: Call,
  table: Map<string, Row>,
  kind: string,
  id: string,
  words = kind,
): Row {
  const row = table.get(id);
  if (row === undefined || !owns(call, row))
    throw neutronError(404, `${kind}NotFound`, `${words} ${id} could not be found.`);
  return row;
}

export function findNetwork(call: Call, id: string): Network {
  const network = call.site.state.networks.get(id);
  if (network === undefined || !mayUse(call, network)) {
    throw neutronError(404, "NetworkNotFound", `Network ${id} could not be found.`);
  }
  return network;
}

/** A rule of the default policy that a member does not pass. */
export function disallowed(rule: string): Refusal {
  return neutronError(403, "PolicyNotAuthorized", `${rule} is disallowed by policy`);
}
