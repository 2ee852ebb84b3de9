import type { ProblemDetail, ResourceKind } from "@uniview/api";
import type { ColumnType, JSONColumnType } from "kysely";

/** Facts of a row: the contract's item without what columns and joins tell. */
export type FactsJson = Record<string, unknown>;

export interface InventoryTables {
  /** What sites said they have; one row a resource and project that sees it. */
  resources: {
    site_project_id: string;
    kind: ResourceKind;
    /** The site's own id (a keypair's name). */
    id: string;
    name: string;
    status: string | null;
    /** Lower-case text that words are looked for in; see `normalise/search-text.ts`. */
    search: string;
    facts: JSONColumnType<FactsJson>;
    /** The site's own JSON, as it came. */
    raw: JSONColumnType<Record<string, unknown>>;
    /** What several projects of one site see as one and the same thing; null: it is this project's alone. */
    shared_id: string | null;
    created_at: string | null;
    updated_at: string | null;
    /** When the request began that brought this body (our clock). */
    seen_at: string;
    /** Of name, search, facts and raw: an unchanged resource is not written again. */
    digest: string;
  };
  /** What the reader did last, by site project and kind. */
  reader_state: {
    site_project_id: string;
    kind: ResourceKind;
    /** When the last reading that succeeded began; null: none yet. */
    as_of: string | null;
    last_full_at: string | null;
    /** Where the next reading of changes begins, in the site's clock; null: read everything. */
    changes_since: string | null;
    /** Why the last reading failed; null: it did not. */
    problem: ColumnType<ProblemDetail | null, string | null, string | null>;
    /** When that began to be so. */
    failing_since: string | null;
    /** Of the last reading that succeeded. */
    duration_ms: number | null;
    rows: number;
  };
}
