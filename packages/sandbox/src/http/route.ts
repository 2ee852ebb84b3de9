import type { Caller } from "../identity/caller.ts";
import type { Site } from "../site.ts";
import type { Exchange } from "./exchange.ts";
import { Fields } from "./json.ts";
import type { Microversion } from "./microversion.ts";
import { Refusal } from "./refusal.ts";
import type { Reply } from "./reply.ts";

/** A request that found its route, with who sends it and in which version it is to be answered. */
export interface Call {
  site: Site;
  exchange: Exchange;
  caller: Caller;
  params: Record<string, string>;
  query: URLSearchParams;
  version: Microversion;
  /** Base of the service with its version, such as `http://127.0.0.1:9000/compute/v2.1`. */
  root: string;
  body(): Promise<Fields>;
}

export interface Route {
  method: string;
  segments: string[];
  answer: (call: Call) => Reply | Promise<Reply>;
  /** Microversion that brought the route; below it the path does not exist. */
  since?: string;
  /** First microversion without the route. */
  until?: string;
  /** Rule that a fault may deny. */
  policy?: string;
  /** Only the role `admin` may. */
  admin?: true;
  /** Query parameters that it knows, and the microversion from which others are refused. */
  query?: KnownQuery;
}

export interface KnownQuery {
  names: readonly string[];
  strict_since: string;
}

export type RouteOptions = Pick<Route, "since" | "until" | "policy" | "admin" | "query">;

/** `route("GET", "/servers/{server_id}", showServer)` */
export function route(
  method: string,
  path: string,
  answer: Route["answer"],
  options: RouteOptions = {},
): Route {
  return { method, segments: segmentsOf(path), answer, ...options };
}

export type Found = { route: Route; params: Record<string, string> };

/** Finds the route, and `methods` of the path when only the method is wrong. */
export function findRoute(
  routes: Route[],
  method: string,
  path: string,
  version: Microversion,
): Found | { methods: string[] } {
  const segments = segmentsOf(path).map(decodeURIComponent);
  const methods: string[] = [];
  for (const candidate of routes) {
    if (candidate.since !== undefined && !version.atLeast(candidate.since)) continue;
    if (candidate.until !== undefined && version.atLeast(candidate.until)) continue;
    const params = match(candidate.segments, segments);
    if (params === undefined) continue;
    if (candidate.method === method) return { route: candidate, params };
    methods.push(candidate.method);
  }
  return { methods };
}

export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`the route has no parameter ${name}`);
  return value;
}

/** Reads the one object that most bodies wrap: `{ "server": { … } }`. */
export async function bodyObject(call: Call, key: string): Promise<Fields> {
  const body = await call.body();
  if (!body.has(key)) throw new Refusal(400, `'${key}' is a required property`);
  return Fields.from(body.raw(key));
}

function match(pattern: string[], segments: string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index];
    if (actual === undefined) return undefined;
    if (expected.startsWith("{")) params[expected.slice(1, -1)] = actual;
    else if (expected !== actual) return undefined;
  }
  return params;
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}
