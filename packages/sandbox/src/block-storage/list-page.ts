import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import type { Call } from "../http/route.ts";

type Row = { id: string; name: string | null; created_at: string };

/** One page of a Cinder list, newest first. `with_count` needs 3.45. */
export function listPage<R extends Row>(
  call: Call,
  key: string,
  path: string,
  rows: R[],
  view: (row: R) => unknown,
): Reply {
  const { query } = call;
  const [sort_key = "created_at", direction] = (
    query.get("sort") ?? `${query.get("sort_key") ?? "created_at"}:${query.get("sort_dir") ?? "desc"}`
  ).split(":");
  const sign = direction === "asc" ? 1 : -1;
  const value = (row: R) => String((row as Record<string, unknown>)[sort_key] ?? "");
  const sorted = rows.sort((a, b) => sign * (value(a).localeCompare(value(b)) || a.id.localeCompare(b.id)));
  const marker = query.get("marker");
  const index = marker === null ? -1 : sorted.findIndex((row) => row.id === marker);
  if (marker !== null && index === -1)
    throw new Refusal(400, `Invalid input received: marker [${marker}] not found`);
  const limit = readNumber(query, "limit") ?? 1000;
  const start = index + 1 + (readNumber(query, "offset") ?? 0);
  const page = sorted.slice(start, start + limit);
  const next = new URLSearchParams(query);
  next.set("marker", page.at(-1)?.id ?? "");
  const base = `${call.root}/${call.caller.project_id}/${path}`;
  const more = query.has("limit") && page.length === limit && limit > 0;
  return json({
    [key]: page.map(view),
    ...(more ? { [`${key}_links`]: [{ rel: "next", href: `${base}?${next}` }] } : {}),
    ...(query.get("with_count") === "true" && call.version.atLeast("3.45") ? { count: sorted.length } : {}),
  });
}

function readNumber(query: URLSearchParams, key: string): number | undefined {
  const text = query.get(key);
  if (text === null) return undefined;
  if (!/^\d+$/.test(text)) throw new Refusal(400, `Invalid input received: ${key} param must be an integer`);
  return Number(text);
}

/** Filters that are equal to a column; metadata as Python's dict literal, as the clients send it. */
export function matchesQuery(query: URLSearchParams, row: object, keys: string[]): boolean {
  const values = row as Record<string, unknown>;
  return keys.every((key) => {
    const wanted = query.get(key);
    if (wanted === null) return true;
    if (key !== "metadata") return String(values[key] ?? "") === wanted;
    const pairs = [...wanted.matchAll(/['"]([^'"]+)['"]\s*:\s*u?['"]([^'"]*)['"]/g)];
    const metadata = values["metadata"] as Record<string, string>;
    return pairs.every(([, name = "", value]) => metadata[name] === value);
  });
}
