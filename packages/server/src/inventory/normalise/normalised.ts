import type { Server } from "@uniview/api";
import type { Body } from "./body.ts";

/** What columns and joins tell of every kind. */
type Told =
  | "id"
  | "name"
  | "site"
  | "project_id"
  | "project_name"
  | "status"
  | "created_at"
  | "updated_at"
  | "as_of";

/** The contract's item without what columns and joins tell: what `resources.facts` holds. */
export type FactsOf<Item> = Omit<Item, Told>;

/** One resource, ready to be stored. */
export interface Normalised<Facts = object> {
  readonly id: string;
  readonly name: string;
  readonly status: string | null;
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly search: string;
  readonly facts: Facts;
  /** See `resources.shared_id`. */
  readonly shared_id: string | null;
  /** The site's own JSON. */
  readonly raw: Body;
}

/** What bodies point to by id only: read earlier, looked up while normalising. */
export interface Surroundings {
  /** The project that asked. */
  readonly project_id: string;
  readonly flavors: ReadonlyMap<string, Server["flavor"]>;
  /** Names by id. */
  readonly images: ReadonlyMap<string, string>;
  readonly networks: ReadonlyMap<string, string>;
}

/**
 * Makes a body of one kind searchable.
 *
 * @returns undefined for what is no resource of this project: without an id, or another project's own, which an
 * administrator's credential gets to see
 */
export type Normalise<Facts = object> = (body: Body, around: Surroundings) => Normalised<Facts> | undefined;
