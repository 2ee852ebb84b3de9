import type { AuditCheck, AuditRow } from "@uniview/api";
import { type Kysely, sql } from "kysely";
import type { Tables } from "../db/tables.ts";
import { type AuditEntry, BEGINNING, hashOf } from "./chain.ts";

/** Any constant; whoever adds to the chain waits for the others, on whichever server. */
const CHAIN_LOCK = 7_304_020;
/** Rows read at once while the chain is checked. */
const CHECKED_AT_ONCE = 2_000;

const SAID = [
  "at",
  "actor_id",
  "actor_name",
  "credential_id",
  "action",
  "object",
  "site",
  "request_id",
  "outcome",
] as const;

export interface AuditFilter {
  /** undefined: everybody's. */
  readonly actor_id: string | undefined;
  readonly actor_name: string | undefined;
  readonly site: string | undefined;
  readonly before_seq: number | undefined;
  readonly limit: number;
}

export type AuditStore = ReturnType<typeof createAuditStore>;

export function createAuditStore(db: Kysely<Tables>) {
  return {
    /** Adds to the end of the chain, all of them or none. */
    append: (entries: readonly AuditEntry[]): Promise<void> =>
      db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(${CHAIN_LOCK})`.execute(tx);
        const last = await tx
          .selectFrom("audit_log")
          .select(["seq", "hash"])
          .orderBy("seq", "desc")
          .limit(1)
          .executeTakeFirst();
        let seq = last?.seq ?? 0;
        let previous_hash: Buffer = last?.hash ?? BEGINNING;
        const rows = entries.map((entry) => {
          seq += 1;
          const hash = hashOf(seq, previous_hash, entry);
          const row = { ...entry, seq, previous_hash, hash };
          previous_hash = hash;
          return row;
        });
        await tx.insertInto("audit_log").values(rows).execute();
      }),

    /** The newest first. */
    list: ({ actor_id, actor_name, site, before_seq, limit }: AuditFilter): Promise<AuditRow[]> =>
      db
        .selectFrom("audit_log")
        .select(["seq", ...SAID])
        .$if(actor_id !== undefined, (query) => query.where("actor_id", "=", actor_id ?? null))
        .$if(actor_name !== undefined, (query) => query.where("actor_name", "=", actor_name ?? ""))
        .$if(site !== undefined, (query) => query.where("site", "=", site ?? null))
        .$if(before_seq !== undefined, (query) => query.where("seq", "<", before_seq ?? 0))
        .orderBy("seq", "desc")
        .limit(limit)
        .execute(),

    /** Reads the whole chain and works every hash out anew. @param expected a hash that has to be in it */
    async check(expected: string | undefined): Promise<AuditCheck> {
      let seq = 0;
      let head: Buffer = BEGINNING;
      let found = expected === undefined;
      for (;;) {
        const rows = await db
          .selectFrom("audit_log")
          .select(["seq", "previous_hash", "hash", ...SAID])
          .where("seq", ">", seq)
          .orderBy("seq")
          .limit(CHECKED_AT_ONCE)
          .execute();
        for (const { seq: here, previous_hash, hash, ...entry } of rows) {
          const whole = here === seq + 1 && previous_hash.equals(head);
          if (!whole || !hash.equals(hashOf(here, previous_hash, entry))) {
            return { ok: false, count: seq, head: head.toString("hex"), broken_at: seq + 1 };
          }
          seq = here;
          head = hash;
          found ||= head.toString("hex") === expected;
        }
        if (rows.length < CHECKED_AT_ONCE) break;
      }
      return { ok: found, count: seq, head: head.toString("hex"), broken_at: found ? null : seq + 1 };
    },
  };
}
