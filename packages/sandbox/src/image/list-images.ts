import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import type { Call } from "../http/route.ts";
import type { Site } from "../site.ts";
import { mayRead } from "./find-image.ts";
import type { Image } from "./state.ts";
import { viewImage } from "./view.ts";

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 1000;
const NOT_FILTERS = new Set([
  "limit",
  "marker",
  "sort",
  "sort_key",
  "sort_dir",
  "tag",
  "visibility",
  "owner",
  "member_status",
  "os_hidden",
]);

export function listImages(call: Call): Reply {
  const { query } = call;
  const wanted = [...call.site.state.images.values()].filter((image) => matches(call, image));
  const sorted = wanted.sort(newestFirst(call.site, query));
  const limit = readLimit(query);
  const start = afterMarker(sorted, query.get("marker"));
  const page = sorted.slice(start, start + limit);
  const last = page.at(-1);
  const more = last !== undefined && start + limit < sorted.length;
  return json({
    images: page.map((image) => viewImage(call.site, image)),
    first: link(query, undefined),
    ...(more ? { next: link(query, last.id) } : {}),
    schema: "/v2/schemas/images",
  });
}

function matches(call: Call, image: Image): boolean {
  const { query, caller } = call;
  const visibility = query.get("visibility");
  const owner = query.get("owner");
  if (!mayRead(caller, image)) return false;
  // Community images are shown to strangers only when asked for.
  const strange = image.visibility === "community" && image.owner !== caller.project_id;
  if (strange && visibility !== "community" && visibility !== "all") return false;
  if (visibility !== null && visibility !== "all" && image.visibility !== visibility) return false;
  if (owner !== null && image.owner !== owner) return false;
  if (image.os_hidden !== (query.get("os_hidden") === "true")) return false;
  if (!query.getAll("tag").every((tag) => image.tags.includes(tag))) return false;
  const fields = viewImage(call.site, image);
  for (const [key, value] of query) {
    if (NOT_FILTERS.has(key)) continue;
    if (
      key === "size_min"
        ? (image.size ?? 0) < Number(value)
        : key === "size_max" && (image.size ?? 0) > Number(value)
    ) {
      return false;
    }
    if (key.startsWith("size_")) continue;
    const choices = value.startsWith("in:") ? value.slice(3).split(",") : [value];
    if (!choices.map((choice) => choice.replace(/^"|"$/g, "")).includes(String(fields[key] ?? "")))
      return false;
  }
  return true;
}

function newestFirst(site: Site, query: URLSearchParams): (a: Image, b: Image) => number {
  const [key = "created_at", direction] = (
    query.get("sort") ?? `${query.get("sort_key") ?? "created_at"}:${query.get("sort_dir") ?? "desc"}`
  ).split(":");
  const sign = direction === "asc" ? 1 : -1;
  return (a, b) => {
    const left = String(viewImage(site, a)[key] ?? "");
    const right = String(viewImage(site, b)[key] ?? "");
    return sign * (left.localeCompare(right) || a.id.localeCompare(b.id));
  };
}

function readLimit(query: URLSearchParams): number {
  const raw = query.get("limit");
  if (raw === null) return DEFAULT_LIMIT;
  if (!/^\d+$/.test(raw)) throw new Refusal(400, "limit param must be an integer");
  return Math.min(Number(raw), MAX_LIMIT);
}

function afterMarker(images: Image[], marker: string | null): number {
  if (marker === null) return 0;
  const index = images.findIndex((image) => image.id === marker);
  if (index === -1) throw new Refusal(400, "Invalid marker: image could not be found.");
  return index + 1;
}

function link(query: URLSearchParams, marker: string | undefined): string {
  const next = new URLSearchParams(query);
  next.delete("marker");
  if (marker !== undefined) next.set("marker", marker);
  const text = next.toString();
  return text === "" ? "/v2/images" : `/v2/images?${text}`;
}
