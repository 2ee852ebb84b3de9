import type { Volume } from "@uniview/api";
import type { GrantedReading } from "./granted.ts";
import type { StoredRow } from "./list.ts";

/** What every kind shows beside its facts. */
export interface PresentedRow {
  readonly id: string;
  readonly name: string;
  readonly site: string;
  readonly project_id: string;
  readonly project_name: string;
  readonly status: string | null;
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly as_of: string;
}

/** The contract's item of a stored row. */
export function present<Item = PresentedRow>(row: StoredRow, project: GrantedReading): Item {
  const { site, project_id, project_name, as_of } = project;
  const { id, name, status, created_at, updated_at, seen_at } = row;
  const told: PresentedRow = {
    id,
    name,
    site,
    project_id,
    project_name,
    status,
    created_at,
    updated_at,
    // what the last reading did not mention is as it was
    as_of: as_of !== null && as_of > seen_at ? as_of : seen_at,
  };
  return { ...JSON.parse(row.facts), ...told } as Item;
}

export function presentAll<Item>(rows: readonly StoredRow[], granted: readonly GrantedReading[]): Item[] {
  const projects = new Map(granted.map((one) => [one.site_project_id, one]));
  return rows.flatMap((row) => {
    const project = projects.get(row.site_project_id);
    return project ? present<Item>(row, project) : [];
  });
}

/** Volumes know the ids of their servers only; `names` by site project and id. */
export function nameServers(volumes: readonly Volume[], names: ReadonlyMap<string, string>): Volume[] {
  return volumes.map((volume) => ({
    ...volume,
    attached_to: volume.attached_to.map((one) => ({
      ...one,
      server_name: names.get(one.server_id) ?? null,
    })),
  }));
}
