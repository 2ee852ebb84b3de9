import { OpenStackError } from "@uniview/openstack";
import type { SiteService } from "../../sites/service.ts";
import type { GatewaySite } from "../identity/gateway-token.ts";
import type { GlobalFamily } from "./global-path.ts";
import { askAll, type Missing } from "./members.ts";
import type { OwnerStore } from "./owner-store.ts";

/** Ids of this form are one thing at one site; names and flavors may be at several, and come and go. */
export const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
/** Things whose place is remembered; beyond it the oldest are looked up again. */
const MAX_REMEMBERED = 10_000;

export interface Thing {
  readonly family: GlobalFamily;
  readonly collection: string;
  readonly id: string;
}

export interface Owners {
  /** In the order of the sites; several for what has the same id or name at several of them (flavors, keypairs). */
  readonly sites: readonly GatewaySite[];
  /** Sites that could not be asked, when they had to be. */
  readonly missing: readonly Missing[];
}

export interface OwnerFinder {
  /** By the inventory, else by asking every site: what was made a moment ago is in no inventory yet. */
  find(members: readonly GatewaySite[], thing: Thing): Promise<Owners>;
}

export function createOwnerFinder(sites: Pick<SiteService, "connect">, store: OwnerStore): OwnerFinder {
  const remembered = new Map<string, string>();
  const remember = (key: string, site_project_id: string) => {
    remembered.set(key, site_project_id);
    const [oldest] = remembered.keys();
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  };
  const keyOf = ({ family, collection, id }: Thing, member: GatewaySite) =>
    `${member.site_project_id} ${family} ${collection} ${id}`;

  return {
    async find(members, thing) {
      const is_unique = UUID.test(thing.id);
      const known = members.filter((member) => remembered.has(keyOf(thing, member)));
      if (known.length > 0) return { sites: known, missing: [] };
      const ids = members.map((member) => member.site_project_id);
      const owners = is_unique ? (await store.ownersOf([thing.id], ids)).get(thing.id) : undefined;
      if (owners) {
        return { sites: members.filter((one) => owners.includes(one.site_project_id)), missing: [] };
      }
      const { answers, missing } = await askAll(
        sites,
        members,
        thing.family,
        async (client, site, signal) => {
          try {
            await client.request("GET", `/${thing.collection}/${thing.id}`, { signal });
            if (is_unique) remember(keyOf(thing, site), site.site_project_id);
            return true;
          } catch (error) {
            // a wrong form of id is 400 at some services, and forbidden is what others own
            if (error instanceof OpenStackError && [400, 403, 404].includes(error.status)) return false;
            throw error;
          }
        },
      );
      return { sites: answers.filter(({ value }) => value).map(({ site }) => site), missing };
    },
  };
}
