import type { Generated } from "kysely";

export interface HttpTables {
  idempotency_keys: {
    user_id: string;
    key: string;
    endpoint_id: string;
    request_hash: string;
    /** Sealed, for an answer may hold a secret (a new API token); null while the first request is at work. */
    sealed_answer: Buffer | null;
    created_at: Generated<string>;
    /** Until then the first request is believed to be at work. */
    busy_until: string;
  };
}
