import type { ResourceKind, Server } from "@uniview/api";
import type pg from "pg";
import type { Surroundings } from "./normalise/normalised.ts";

/** Kinds whose rows are looked up while another kind is normalised: those are read first. */
export const LOOKS_UP: Readonly<Partial<Record<ResourceKind, readonly ResourceKind[]>>> = {
  servers: ["flavors", "images"],
  ports: ["networks"],
};

/** Kinds that are read before this one when a reader starts: people look for servers first. */
export function comeBefore(kind: ResourceKind): readonly ResourceKind[] {
  const looked_up = LOOKS_UP[kind] ?? [];
  return kind === "servers" || LOOKS_UP.servers?.includes(kind) ? looked_up : ["servers", ...looked_up];
}

/** What the resources of one project point to. */
export interface SurroundingsReader {
  /**
   * What bodies of this kind point to, from what was read of the same project before.
   *
   * @param version of what it looks up, where that is at hand; the same one is not read twice
   */
  read(kind: ResourceKind, version?: string): Promise<Surroundings>;
}

interface LookedUp {
  readonly kind: ResourceKind;
  readonly id: string;
  readonly name: string;
  readonly facts: string;
  /** Of all of them. */
  readonly version: string;
}

/** As SQL, of rows of `resources`: one that changed has a later `seen_at`, so the sum of all tells of any. */
export function aroundVersion(over = ""): string {
  return `concat(count(*)${over}, ':', sum(extract(epoch from seen_at))${over})`;
}

const LOOK_UP = `
  select kind, id, name, facts, ${aroundVersion(" over ()")} as version
  from resources where site_project_id = $1 and kind = any($2)`;

export function createSurroundings(
  pool: Pick<pg.Pool, "query">,
  project: { readonly id: string; readonly project_id: string },
): SurroundingsReader {
  const known = new Map<
    ResourceKind,
    { readonly version: string | undefined; readonly around: Surroundings }
  >();
  return {
    async read(kind, version) {
      const kinds = LOOKS_UP[kind];
      if (!kinds) return surroundingsOf(project.project_id, []);
      const last = known.get(kind);
      if (last?.version !== undefined && last.version === version) return last.around;
      const { rows } = await pool.query<LookedUp>(LOOK_UP, [project.id, kinds]);
      const around = surroundingsOf(project.project_id, rows);
      known.set(kind, { version: rows[0]?.version ?? version, around });
      return around;
    },
  };
}

function surroundingsOf(project_id: string, rows: readonly LookedUp[]): Surroundings {
  const flavors = new Map<string, Server["flavor"]>();
  const images = new Map<string, string>();
  const networks = new Map<string, string>();
  for (const row of rows) {
    if (row.kind === "images") images.set(row.id, row.name);
    else if (row.kind === "networks") networks.set(row.id, row.name);
    else {
      const { vcpus, ram_mb, disk_gb } = JSON.parse(row.facts) as Omit<Server["flavor"], "id" | "name">;
      const flavor = { id: row.id, name: row.name, vcpus, ram_mb, disk_gb };
      flavors.set(row.id, flavor);
      // from 2.47 on a server tells its flavor's name only; a name is unique at a site, and an id goes before it
      if (!flavors.has(row.name)) flavors.set(row.name, flavor);
    }
  }
  return { project_id, flavors, images, networks };
}
