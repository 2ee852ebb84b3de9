import type { ProblemDetail, ResourceKind } from "@uniview/api";
import type { ColumnType, Generated } from "kysely";

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
    /** JSON, of `normalise/`: the contract's item without what columns and joins tell. */
    facts: string;
    /** The site's own JSON, as it came; null: it lies with those of its block. */
    raw: string | null;
    block_id: number;
    /** What several projects of one site see as one and the same thing; null: it is this project's alone. */
    shared_id: string | null;
    created_at: string | null;
    updated_at: string | null;
    /** When the request began that brought this body (our clock). */
    seen_at: string;
    /** Of name, search, facts and raw: an unchanged resource is not written again. */
    digest: string;
  };
  /** Some rows that a search leaves out together where their filter says so; see `search/`. */
  search_blocks: {
    id: number;
    site_project_id: string;
    kind: ResourceKind;
    /** When it was made. */
    rows: number;
    /** Changed or removed since then: the filter still knows the old words. */
    stale_rows: Generated<number>;
    /** No row's name in lower case is before or behind these. */
    first_name: string;
    last_name: string;
    /** The same of statuses; a row that has none counts as an empty one. */
    first_status: string;
    last_status: string;
    /** Bits; see `search/gram-filter.ts`. */
    filter: string;
    /** JSON by id, compressed; see `search/packed-raws.ts`. */
    raws: Buffer | null;
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
