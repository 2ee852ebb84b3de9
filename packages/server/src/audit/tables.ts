import type { Generated } from "kysely";

export interface AuditTables {
  audit_log: {
    /** Without gaps, from 1. */
    seq: number;
    at: string;
    /** A user of Uniview, who may be gone by now; null: nobody who is known. */
    actor_id: string | null;
    actor_name: string;
    /** Session, API token or application credential. */
    credential_id: string | null;
    action: string;
    object: string;
    site: string | null;
    request_id: string;
    outcome: string;
    previous_hash: Generated<Buffer>;
    hash: Generated<Buffer>;
  };
}
