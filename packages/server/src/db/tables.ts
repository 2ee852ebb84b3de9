import type { WorkflowTables } from "@uniview/workflow/tables";
import type { AuditTables } from "../audit/tables.ts";
import type { CapabilityTables } from "../capabilities/tables.ts";
import type { GatewayTables } from "../gateway/tables.ts";
import type { HttpTables } from "../http/tables.ts";
import type { IdentityTables } from "../identity/tables.ts";
import type { InventoryTables } from "../inventory/tables.ts";
import type { SitesTables } from "../sites/tables.ts";

/**
 * Every table of the database. A feature declares its own in `<feature>/tables.ts` and is listed here:
 * `export interface Tables extends WorkflowTables, AuditTables, IdentityTables {}`.
 */
export interface Tables
  extends WorkflowTables,
    AuditTables,
    CapabilityTables,
    GatewayTables,
    HttpTables,
    IdentityTables,
    InventoryTables,
    SitesTables {}
