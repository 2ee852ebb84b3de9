import type { z } from "zod";
import { API_PREFIX, type Change, EVENTS_PATH } from "./contract.ts";
import type { Endpoint } from "./endpoint.ts";
import { readEvents } from "./event-stream.ts";
import { Problem } from "./problems.ts";
import type { ProblemDetail } from "./schemas/terms.ts";

export interface ClientOptions {
  /** Uniview's own address: `https://uniview.example.org`. Empty in a browser: the page's own origin. */
  readonly base_url: string;
  /** API token; a browser sends its session cookie instead. */
  readonly token?: string;
}

type Input<S> = S extends z.ZodUndefined ? undefined : S extends z.ZodType ? z.input<S> : undefined;
type Output<S> = S extends z.ZodUndefined ? undefined : S extends z.ZodType ? z.output<S> : undefined;
type Part<Key extends string, S> = S extends z.ZodUndefined
  ? { readonly [K in Key]?: undefined }
  : Record<string, never> extends Input<S>
    ? { readonly [K in Key]?: Input<S> }
    : { readonly [K in Key]: Input<S> };

type Request<P, Q, B> = Part<"params", P> &
  Part<"query", Q> &
  Part<"body", B> & { readonly signal?: AbortSignal; readonly idempotency_key?: string };

/** Calls Uniview by the table of endpoints. Every failure is a `Problem`. */
export interface Client {
  call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
    endpoint: Endpoint<P, Q, B, R>,
    ...request: Record<string, never> extends Request<P, Q, B> ? [Request<P, Q, B>?] : [Request<P, Q, B>]
  ): Promise<Output<R>>;
  /** Changes as they happen; ends when the connection does: read everything again, then call again. */
  changes(signal?: AbortSignal): AsyncGenerator<Change>;
}

export function createClient({ base_url, token }: ClientOptions): Client {
  const root = base_url.replace(/\/+$/, "") + API_PREFIX;
  const credentials: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};

  const send = async (url: string, init: RequestInit): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(url, init);
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      throw new Problem(
        "internal-error",
        `Uniview does not answer at ${base_url || "this address"}.`,
        { remedy: "Check the address and whether the server runs." },
        cause,
      );
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  };

  return {
    async call(endpoint, ...[request]) {
      const { params, query, body, signal, idempotency_key } = (request ?? {}) as {
        params?: Record<string, string>;
        query?: Record<string, unknown>;
        body?: unknown;
        signal?: AbortSignal;
        idempotency_key?: string;
      };
      const headers: Record<string, string> = { accept: "application/json", ...credentials };
      if (body !== undefined) headers["content-type"] = "application/json";
      if (endpoint.idempotent_by_key) headers["idempotency-key"] = idempotency_key ?? crypto.randomUUID();
      const response = await send(root + fillPath(endpoint.path, params ?? {}) + queryString(query ?? {}), {
        method: endpoint.method,
        headers,
        credentials: "same-origin",
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
      return (response.status === 204 ? undefined : await response.json()) as never;
    },

    async *changes(signal) {
      const response = await send(root + EVENTS_PATH, {
        headers: { accept: "text/event-stream", ...credentials },
        credentials: "same-origin",
        ...(signal ? { signal } : {}),
      });
      if (!response.body) return;
      for await (const data of readEvents(response.body)) yield JSON.parse(data) as Change;
    },
  };
}

function fillPath(path: string, params: Record<string, string>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
}

function queryString(query: Record<string, unknown>): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return pairs.length === 0
    ? ""
    : `?${new URLSearchParams(pairs.map(([key, value]): [string, string] => [key, String(value)]))}`;
}

async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  if (response.headers.get("content-type")?.startsWith("application/problem+json")) {
    return Problem.from(JSON.parse(text) as ProblemDetail);
  }
  return new Problem(
    "internal-error",
    `Something that is not Uniview answered with HTTP ${response.status}.`,
    {
      remedy: "Check the address, and the proxy before it.",
    },
  );
}
