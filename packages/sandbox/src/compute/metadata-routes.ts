import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { bodyObject, type Call, param, type Route, route } from "../http/route.ts";
import { findServer, refuseLocked } from "./find-server.ts";
import { computeLimits } from "./quotas.ts";
import type { Server } from "./state.ts";

const PATH = "/servers/{server_id}/metadata";

export const METADATA_ROUTES: Route[] = [
  route("GET", PATH, (call) => json({ metadata: findServer(call).metadata })),
  route("POST", PATH, async (call) => {
    const server = findServer(call);
    return change(call, server, { ...server.metadata, ...(await readMetadata(call)) });
  }),
  route("PUT", PATH, async (call) => change(call, findServer(call), await readMetadata(call))),
  route("GET", `${PATH}/{key}`, (call) => {
    const key = existingKey(call, findServer(call));
    return json({ meta: { [key]: findServer(call).metadata[key] } });
  }),
  route("PUT", `${PATH}/{key}`, putOne),
  route("DELETE", `${PATH}/{key}`, (call) => {
    const server = findServer(call);
    const { [existingKey(call, server)]: _, ...rest } = server.metadata;
    change(call, server, rest);
    return empty();
  }),
];

async function readMetadata(call: Call): Promise<Record<string, string>> {
  return (await call.body()).map("metadata") ?? {};
}

async function putOne(call: Call): Promise<Reply> {
  const server = findServer(call);
  const key = param(call, "key");
  const meta = await bodyObject(call, "meta");
  if (meta.keys().length !== 1 || !meta.has(key)) throw new Refusal(400, "Request body and URI mismatch");
  change(call, server, { ...server.metadata, [key]: meta.needText(key) });
  return json({ meta: { [key]: server.metadata[key] } });
}

function change(call: Call, server: Server, metadata: Record<string, string>): Reply {
  refuseLocked(call, server);
  if (Object.keys(metadata).length > computeLimits(call.site, server.project_id).metadata_items) {
    throw new Refusal(403, "Maximum number of metadata items exceeds 128");
  }
  server.metadata = metadata;
  server.updated = call.site.now();
  return json({ metadata });
}

function existingKey(call: Call, server: Server): string {
  const key = param(call, "key");
  if (!Object.hasOwn(server.metadata, key)) throw new Refusal(404, "Metadata item was not found");
  return key;
}
