import { createHash } from "node:crypto";

/** What is written down of one change. Never a body, a query or a header: those may hold secrets. */
export interface AuditEntry {
  /** ISO 8601 UTC, to the millisecond. */
  readonly at: string;
  /** Id of the user of Uniview; null: nobody who is known. */
  readonly actor_id: string | null;
  readonly actor_name: string;
  /** The session, token or application credential that was used. */
  readonly credential_id: string | null;
  /** Id of an endpoint of the contract, or method and service of a call through the gateway: `POST compute`. */
  readonly action: string;
  /** Path of what was changed, without its query. */
  readonly object: string;
  readonly site: string | null;
  readonly request_id: string;
  /** HTTP status. */
  readonly outcome: string;
}

/** What the first row has instead of a hash before it. */
export const BEGINNING = Buffer.alloc(32);

/** The hash of a row: of its number, of everything that it says, and of the row before. */
export function hashOf(seq: number, previous_hash: Buffer, entry: AuditEntry): Buffer {
  const { at, actor_id, actor_name, credential_id, action, object, site, request_id, outcome } = entry;
  const said = [seq, at, actor_id, actor_name, credential_id, action, object, site, request_id, outcome];
  return createHash("sha256").update(previous_hash).update(JSON.stringify(said)).digest();
}
