import type { Port } from "@uniview/api";
import { instant, objects, text, texts } from "./body.ts";
import type { FactsOf, Normalise } from "./normalised.ts";
import { ownerOf } from "./owner.ts";
import { searchText } from "./search-text.ts";

/** A port of `GET /v2.0/ports`. A network's owner also sees the ports of others on it: those are left out. */
export const normalisePort: Normalise<FactsOf<Port>> = (body, { project_id, networks }) => {
  const id = text(body, "id");
  const owner = ownerOf(body);
  if (id === null || (owner !== null && owner !== project_id)) return undefined;
  const name = text(body, "name") ?? id;
  const status = text(body, "status");
  const network_id = text(body, "network_id") ?? "";
  const facts = {
    network_id,
    network_name: networks.get(network_id) ?? null,
    mac_address: text(body, "mac_address") ?? "",
    fixed_ips: objects(body, "fixed_ips").map((one) => ({
      subnet_id: text(one, "subnet_id") ?? "",
      ip_address: text(one, "ip_address") ?? "",
    })),
    device_id: text(body, "device_id"),
    device_owner: text(body, "device_owner"),
    security_group_ids: texts(body, "security_groups"),
  };
  return {
    id,
    name,
    status,
    created_at: instant(body, "created_at"),
    updated_at: instant(body, "updated_at"),
    search: searchText({ network: [facts.network_name, network_id] }, [
      name,
      id,
      status,
      facts.mac_address,
      ...facts.fixed_ips.map(({ ip_address }) => ip_address),
      facts.device_id,
      facts.device_owner,
      ...texts(body, "tags"),
    ]),
    facts,
    shared_id: null,
    raw: body,
  };
};
