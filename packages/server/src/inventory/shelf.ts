import type { ResourceKind } from "@uniview/api";

/** Whose resources, and of which kind. */
export interface Shelf {
  readonly site_project_id: string;
  readonly kind: ResourceKind;
}
