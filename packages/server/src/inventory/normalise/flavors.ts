import type { Flavor } from "@uniview/api";
import { integer, object, text, textMap, truth } from "./body.ts";
import type { FactsOf, Normalise } from "./normalised.ts";
import { searchText } from "./search-text.ts";

/** A flavor of `GET /flavors/detail`; `description` from 2.55, `extra_specs` inside from 2.61. */
export const normaliseFlavor: Normalise<FactsOf<Flavor>> = (body) => {
  const id = text(body, "id");
  if (id === null) return undefined;
  const name = text(body, "name") ?? id;
  const specs = object(body, "extra_specs") ? textMap(body, "extra_specs") : {};
  return {
    id,
    name,
    status: null,
    created_at: null,
    updated_at: null,
    search: searchText({ flavor: [name] }, [
      name,
      id,
      text(body, "description"),
      ...Object.entries(specs).map(([key, value]) => `${key}=${value}`),
    ]),
    facts: {
      vcpus: integer(body, "vcpus") ?? 0,
      ram_mb: integer(body, "ram") ?? 0,
      disk_gb: integer(body, "disk") ?? 0,
      public: truth(body, "os-flavor-access:is_public"),
    },
    shared_id: id,
    raw: body,
  };
};
