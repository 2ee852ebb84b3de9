import type { Server } from "@uniview/api";
import { addressesOf } from "./addresses.ts";
import {
  type Body,
  eachOnce,
  instant,
  integer,
  isBody,
  object,
  text,
  textMap,
  texts,
  truth,
} from "./body.ts";
import type { FactsOf, Normalise, Surroundings } from "./normalised.ts";
import { searchText } from "./search-text.ts";

/** Nova's `power_state` numbers (nova/compute/power_state.py); 2, 5 and 8 and up were retired long ago. */
export const POWER_STATES: Readonly<Record<number, string>> = {
  0: "unknown",
  1: "running",
  3: "paused",
  4: "shut down",
  6: "crashed",
  7: "suspended",
};

/** Only administrators get it; it may hold passwords, and 64 KiB of it are no inventory. */
export const USER_DATA = "OS-EXT-SRV-ATTR:user_data";

/**
 * A server of `GET /servers/detail`. By microversion: `volumes_attached` 2.3, `locked` 2.9, `tags` 2.26; the flavor
 * is an id below 2.47 and embedded, without its id, from then on. A server in a cell that is down (2.69) has little
 * more than its id and the status UNKNOWN.
 */
export const normaliseServer: Normalise<FactsOf<Server>> = (body, around) => {
  const id = text(body, "id");
  if (id === null) return undefined;
  const name = text(body, "name") ?? id;
  const addresses = addressesOf(body);
  const flavor = flavorOf(body, around);
  const image = imageOf(body, around);
  const status = text(body, "status");
  const facts = {
    addresses,
    flavor,
    image,
    volume_ids: namesIn(body, "os-extended-volumes:volumes_attached", "id"),
    key_name: text(body, "key_name"),
    security_groups: securityGroupsOf(body),
    availability_zone: text(body, "OS-EXT-AZ:availability_zone"),
    power_state: POWER_STATES[integer(body, "OS-EXT-STS:power_state") ?? -1] ?? null,
    task_state: text(body, "OS-EXT-STS:task_state"),
    locked: truth(body, "locked"),
    tags: texts(body, "tags"),
    metadata: textMap(body, "metadata"),
    fault: faultOf(body),
  };
  return {
    id,
    name,
    status,
    created_at: instant(body, "created"),
    updated_at: instant(body, "updated"),
    search: searchText(
      {
        flavor: [flavor.name, flavor.id],
        image: [image?.name, image?.id],
        network: addresses.map(({ network }) => network),
      },
      wordsOf(id, name, status, facts),
    ),
    facts,
    shared_id: null,
    raw: USER_DATA in body ? withoutUserData(body) : body,
  };
};

function wordsOf(id: string, name: string, status: string | null, facts: FactsOf<Server>): (string | null)[] {
  const words = [name, id, status];
  for (const { address, mac } of facts.addresses) {
    words.push(address);
    if (!words.includes(mac)) words.push(mac); // a port has one, and often several addresses
  }
  words.push(facts.key_name, facts.availability_zone);
  for (const tag of facts.tags) words.push(tag);
  for (const volume_id of facts.volume_ids) words.push(volume_id);
  for (const key in facts.metadata) words.push(`${key}=${facts.metadata[key]}`);
  return words;
}

function withoutUserData({ [USER_DATA]: _left_out, ...raw }: Body): Body {
  return raw;
}

export function flavorOf(body: Body, { flavors }: Surroundings): Server["flavor"] {
  const told = object(body, "flavor") ?? {};
  const id = text(told, "id");
  if (id !== null) return flavors.get(id) ?? { id, name: null, vcpus: null, ram_mb: null, disk_gb: null };
  const name = text(told, "original_name");
  return {
    id: (name !== null && flavors.get(name)?.id) || null,
    name,
    vcpus: integer(told, "vcpus"),
    ram_mb: integer(told, "ram"),
    disk_gb: integer(told, "disk"),
  };
}

export function imageOf(body: Body, { images }: Surroundings): Server["image"] {
  const told = object(body, "image");
  const id = told && text(told, "id");
  return id ? { id, name: images.get(id) ?? null } : null;
}

export function securityGroupsOf(body: Body): string[] {
  return namesIn(body, "security_groups", "name");
}

function namesIn(body: Body, list: string, field: string): string[] {
  const names: string[] = [];
  const values = body[list];
  if (!Array.isArray(values)) return names;
  for (const one of values) {
    const name = isBody(one) ? text(one, field) : null;
    if (name !== null) names.push(name);
  }
  return eachOnce(names);
}

function faultOf(body: Body): string | null {
  const fault = object(body, "fault");
  return fault && text(fault, "message");
}
