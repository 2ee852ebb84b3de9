import type { Network } from "@uniview/api";
import { instant, integer, objects, text, texts, truth } from "./body.ts";
import type { FactsOf, Normalise } from "./normalised.ts";
import { ownerOf } from "./owner.ts";
import { searchText } from "./search-text.ts";

/** Where the reader puts a network's subnets into its body: Neutron sends their ids only. */
export const SUBNETS_FIELD = "uniview:subnets";

/** A network of `GET /v2.0/networks`, with its subnets under {@link SUBNETS_FIELD}. */
export const normaliseNetwork: Normalise<FactsOf<Network>> = (body, { project_id }) => {
  const id = text(body, "id");
  if (id === null) return undefined;
  const owner = ownerOf(body);
  const owned = owner === null || owner === project_id;
  const shared = truth(body, "shared");
  const external = truth(body, "router:external");
  if (!owned && !shared && !external) return undefined;
  const name = text(body, "name") ?? id;
  const status = text(body, "status");
  const subnets = objects(body, SUBNETS_FIELD).flatMap((one) => {
    const subnet_id = text(one, "id");
    if (subnet_id === null) return [];
    return {
      id: subnet_id,
      name: text(one, "name") ?? subnet_id,
      cidr: text(one, "cidr") ?? "",
      version: integer(one, "ip_version") ?? 4,
    };
  });
  const { [SUBNETS_FIELD]: subnet_bodies, ...raw } = body;
  return {
    id,
    name,
    status,
    created_at: instant(body, "created_at"),
    updated_at: instant(body, "updated_at"),
    search: searchText({ network: [name, id] }, [
      name,
      id,
      status,
      text(body, "description"),
      ...subnets.flatMap((subnet) => [subnet.name, subnet.cidr, subnet.id]),
      ...texts(body, "tags"),
    ]),
    facts: { shared, external, owned, subnets, mtu: integer(body, "mtu") },
    shared_id: id,
    raw: subnet_bodies === undefined ? raw : { ...raw, [SUBNETS_FIELD]: subnet_bodies },
  };
};
