import type { CapabilityCell, CapabilityColumn, CapabilityHow, CapabilityState } from "@uniview/api";
import type { ColumnType, Generated } from "kysely";

type Json<T> = ColumnType<T, string, string>;

export interface CapabilityTables {
  /** What is known now; one row a site project and capability. */
  capabilities: {
    site_project_id: string;
    capability: string;
    state: CapabilityState;
    how: CapabilityHow;
    detail: string | null;
    evidence: ColumnType<CapabilityCell["evidence"], string | null, string | null>;
    since: string;
    checked_at: string;
  };
  /** What was known to be otherwise. */
  capability_changes: {
    id: Generated<string>;
    site_project_id: string;
    capability: string;
    from_state: CapabilityState;
    to_state: CapabilityState;
    changed_at: string;
  };
  /** The last probe of a site project, and who is at it. */
  capability_probes: {
    site_project_id: string;
    /** null: none has succeeded yet. */
    probed_at: string | null;
    took_ms: number | null;
    problems: Json<CapabilityColumn["problems"]>;
    /** What the site's services showed of their versions then: another release is probed at once. */
    versions: string | null;
    /** Until then one server is at it, or nobody shall try again. */
    claimed_until: string;
  };
}
