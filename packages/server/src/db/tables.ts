import type { WorkflowTables } from "@uniview/workflow/tables";

/**
 * Every table of the database. A feature declares its own in `<feature>/tables.ts` and is listed here:
 * `export interface Tables extends WorkflowTables, IdentityTables {}`.
 */
export interface Tables extends WorkflowTables {}
