import { Problem } from "@uniview/api";
import type { FastifyRequest } from "fastify";
import { type Kysely, sql } from "kysely";
import type { Tables } from "../db/tables.ts";
import type { Sealer } from "../secrets/sealer.ts";
import type { HttpTables } from "./tables.ts";

/** How long an answer is kept for its key. */
export const KEPT_HOURS = 24;
/** A request that took longer died with its server; then another one may take the key. Longer than adding a site. */
const BUSY_SECONDS = 120;
const MAX_KEY_LENGTH = 255;

interface KeyedRequest {
  readonly user_id: string;
  readonly key: string;
  readonly endpoint_id: string;
  readonly request: FastifyRequest;
}

/** Answers a request once for its key, and every repetition of it with the same answer. */
export type OnceByKey = <T>(keyed: KeyedRequest, answer: () => Promise<T>) => Promise<T>;

/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): the key belongs to the user; with another request
 * it is refused. A failed request leaves no trace, so its key may be tried again.
 */
export function createOnceByKey(db: Kysely<Tables>, sealer: Sealer): OnceByKey {
  return async <T>(keyed: KeyedRequest, answer: () => Promise<T>): Promise<T> => {
    const { user_id, key, endpoint_id, request } = keyed;
    if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
      throw new Problem("invalid-input", `Idempotency-Key: 1 to ${MAX_KEY_LENGTH} characters.`, {
        field: "Idempotency-Key",
      });
    }
    // keyed, because a body may hold a password
    const request_hash = sealer.fingerprint(JSON.stringify([endpoint_id, request.params, request.body]));
    const label = `idempotency_keys ${user_id} ${key}`;
    const mine = { user_id, key, endpoint_id, request_hash };
    const earlier = await claim(db, mine);
    if (earlier) {
      if (earlier.request_hash !== request_hash || earlier.endpoint_id !== endpoint_id) {
        throw new Problem(
          "idempotency-key-reused",
          "This Idempotency-Key came with another request before.",
          {
            remedy: "Send a new key with a new request.",
          },
        );
      }
      if (earlier.sealed_answer) return JSON.parse(sealer.open(earlier.sealed_answer, label)) as T;
      throw new Problem("conflict", "The first request with this Idempotency-Key is still at work.", {
        remedy: "Send it again with the same key in a few seconds.",
      });
    }
    try {
      const answered = await answer();
      await db
        .updateTable("idempotency_keys")
        .set({ sealed_answer: sealer.seal(JSON.stringify(answered), label) })
        .where("user_id", "=", user_id)
        .where("key", "=", key)
        .execute();
      return answered;
    } catch (error) {
      await db.deleteFrom("idempotency_keys").where("user_id", "=", user_id).where("key", "=", key).execute();
      throw error;
    }
  };
}

type Claim = Pick<HttpTables["idempotency_keys"], "user_id" | "key" | "endpoint_id" | "request_hash">;

/** Takes the key, or gives what stands at it. Forgets keys of the user that are past their time. */
async function claim(db: Kysely<Tables>, mine: Claim) {
  await db
    .deleteFrom("idempotency_keys")
    .where("user_id", "=", mine.user_id)
    .where((where) =>
      where.or([
        where("created_at", "<", sql<string>`now() - make_interval(hours => ${KEPT_HOURS})`),
        where.and([where("sealed_answer", "is", null), where("busy_until", "<", sql<string>`now()`)]),
      ]),
    )
    .execute();
  const taken = await db
    .insertInto("idempotency_keys")
    .values({ ...mine, busy_until: sql`now() + make_interval(secs => ${BUSY_SECONDS})` })
    .onConflict((conflict) => conflict.columns(["user_id", "key"]).doNothing())
    .returning("key")
    .executeTakeFirst();
  if (taken) return undefined;
  return db
    .selectFrom("idempotency_keys")
    .selectAll()
    .where("user_id", "=", mine.user_id)
    .where("key", "=", mine.key)
    .executeTakeFirstOrThrow();
}
