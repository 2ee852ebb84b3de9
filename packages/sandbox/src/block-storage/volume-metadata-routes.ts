import { Refusal } from "../http/refusal.ts";
import { empty, json } from "../http/reply.ts";
import { bodyObject, type Call, param, type Route, route } from "../http/route.ts";
import { findSnapshot, findVolume } from "./find-volume.ts";

type Owner = { id: string; metadata: Record<string, string> };

export const VOLUME_METADATA_ROUTES: Route[] = [
  ...metadataRoutes("/volumes/{volume_id}/metadata", "Volume", findVolume),
  ...metadataRoutes("/snapshots/{snapshot_id}/metadata", "Snapshot", findSnapshot),
];

function metadataRoutes(path: string, kind: string, find: (call: Call) => Owner): Route[] {
  const existing = (call: Call, owner: Owner): string => {
    const key = param(call, "key");
    if (!Object.hasOwn(owner.metadata, key)) {
      throw new Refusal(404, `${kind} ${owner.id} has no metadata with key ${key}.`);
    }
    return key;
  };
  return [
    route("GET", path, (call) => json({ metadata: find(call).metadata })),
    route("POST", path, async (call) => {
      const owner = find(call);
      owner.metadata = { ...owner.metadata, ...(await call.body()).map("metadata") };
      return json({ metadata: owner.metadata });
    }),
    route("PUT", path, async (call) => {
      const owner = find(call);
      owner.metadata = (await call.body()).map("metadata") ?? {};
      return json({ metadata: owner.metadata });
    }),
    route("GET", `${path}/{key}`, (call) => {
      const owner = find(call);
      const key = existing(call, owner);
      return json({ meta: { [key]: owner.metadata[key] } });
    }),
    route("PUT", `${path}/{key}`, async (call) => {
      const owner = find(call);
      const key = param(call, "key");
      owner.metadata[key] = (await bodyObject(call, "meta")).needText(key);
      return json({ meta: { [key]: owner.metadata[key] } });
    }),
    route("DELETE", `${path}/{key}`, (call) => {
      const owner = find(call);
      delete owner.metadata[existing(call, owner)];
      return empty(200, { "Content-Type": "text/html; charset=UTF-8" });
    }),
  ];
}
