import type { z } from "zod";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * One route of the API. The table of these is the contract: the server registers its handlers against it,
 * the typed client calls through it, and the OpenAPI document is written from it. Nothing is generated.
 *
 * `path` is below `/api/v1`, with `{name}` for each path parameter, which `params` describes.
 */
export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Who may call: `none` = anybody, `user` = signed in, `administrator` = only administrators. */
  readonly access: "none" | "user" | "administrator";
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Absent where the answer has no body (204) or is a stream. */
  readonly response?: Response;
  readonly status: 200 | 201 | 202 | 204;
  /** A POST that creates takes an `Idempotency-Key`: the same key and body give the same answer for 24 hours. */
  readonly idempotent_by_key?: true;
}

export type AnyEndpoint = Endpoint;

/** Keeps the literal types of a row of the table. */
export function endpoint<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  R extends z.ZodType = z.ZodUndefined,
>(row: Endpoint<P, Q, B, R>): Endpoint<P, Q, B, R> {
  return row;
}
