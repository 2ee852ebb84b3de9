import type { ResourceKind, Server } from "@uniview/api";
import type { Kysely } from "kysely";
import type { Tables } from "../db/tables.ts";
import type { Surroundings } from "./normalise/normalised.ts";

/** Kinds whose rows are looked up while another kind is normalised: those are read first. */
export const LOOKS_UP: Readonly<Partial<Record<ResourceKind, readonly ResourceKind[]>>> = {
  servers: ["flavors", "images"],
  ports: ["networks"],
};

/** What bodies of this kind point to, from what was read of the same project before. */
export async function readSurroundings(
  db: Kysely<Tables>,
  project: { readonly id: string; readonly project_id: string },
  kind: ResourceKind,
): Promise<Surroundings> {
  const flavors = new Map<string, Server["flavor"]>();
  const images = new Map<string, string>();
  const networks = new Map<string, string>();
  const around = { project_id: project.project_id, flavors, images, networks };
  const kinds = LOOKS_UP[kind];
  if (!kinds) return around;
  const rows = await db
    .selectFrom("resources")
    .select(["kind", "id", "name", "facts"])
    .where("site_project_id", "=", project.id)
    .where("kind", "in", kinds)
    .execute();
  for (const row of rows) {
    if (row.kind === "images") images.set(row.id, row.name);
    else if (row.kind === "networks") networks.set(row.id, row.name);
    else {
      const { vcpus, ram_mb, disk_gb } = row.facts as Omit<Server["flavor"], "id" | "name">;
      const flavor = { id: row.id, name: row.name, vcpus, ram_mb, disk_gb };
      flavors.set(row.id, flavor);
      // from 2.47 on a server tells its flavor's name only; a name is unique at a site, and an id goes before it
      if (!flavors.has(row.name)) flavors.set(row.name, flavor);
    }
  }
  return around;
}
