import type { CapabilityRow, CapabilityState } from "@uniview/api";
import { CAPABILITIES, capabilityNamed } from "@uniview/openstack";
import type { CellRow } from "./store.ts";

/** Services in the order in which people think of them; others come after, by name. */
const ORDER = ["compute", "block-storage", "image", "network", "identity"];

/** One row a capability with what every column knows of it. Capabilities that this release does not know are left out. */
export function buildMatrix(cells: readonly CellRow[]): CapabilityRow[] {
  const rows = [...Map.groupBy(cells, ({ capability }) => capability)].flatMap(([name, known]) => {
    const capability = capabilityNamed(name);
    if (capability === undefined) return [];
    const { service, does, rule = null } = capability;
    const shown = known.map(({ site_project_id, capability: _, ...cell }) => ({
      column_id: site_project_id,
      ...cell,
    }));
    return [{ capability: name, service, does, rule, differs: differ(known), cells: shown }];
  });
  const places = new Map(Object.keys(CAPABILITIES).map((name, at) => [name, at]));
  const placeOf = ({ service, capability }: CapabilityRow) => {
    const at = ORDER.indexOf(service);
    const within = places.get(capability) ?? places.size;
    return [at < 0 ? ORDER.length : at, within] as const;
  };
  return rows.sort((a, b) => {
    const [a_service, a_within] = placeOf(a);
    const [b_service, b_within] = placeOf(b);
    return a_service - b_service || a_within - b_within || a.capability.localeCompare(b.capability);
  });
}

/** Where nothing is known, nothing differs. */
function differ(cells: readonly { readonly state: CapabilityState }[]): boolean {
  return new Set(cells.map(({ state }) => state).filter((state) => state !== "unknown")).size > 1;
}
