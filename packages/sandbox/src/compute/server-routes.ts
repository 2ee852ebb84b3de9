import { empty, json, type Reply } from "../http/reply.ts";
import { bodyObject, type Call, type Route, route } from "../http/route.ts";
import { createServer } from "./create-server.ts";
import { deleteServer } from "./delete-server.ts";
import { findServer, refuseLocked } from "./find-server.ts";
import { LIST_QUERY, listServers } from "./list-servers.ts";
import { actOnServer } from "./server-actions.ts";
import { viewServer } from "./server-view.ts";
import type { Server } from "./state.ts";

export const SERVER_ROUTES: Route[] = [
  route("GET", "/servers", (call) => listServers(call, false), { query: LIST_QUERY }),
  route("GET", "/servers/detail", (call) => listServers(call, true), { query: LIST_QUERY }),
  route("POST", "/servers", createServer, { policy: "os_compute_api:servers:create" }),
  route("GET", "/servers/{server_id}", (call) => json({ server: view(call, findServer(call)) })),
  route("PUT", "/servers/{server_id}", updateServer, { policy: "os_compute_api:servers:update" }),
  route(
    "DELETE",
    "/servers/{server_id}",
    (call) => {
      const server = findServer(call);
      refuseLocked(call, server);
      deleteServer(call.site, server);
      return empty();
    },
    { policy: "os_compute_api:servers:delete" },
  ),
  route("POST", "/servers/{server_id}/action", actOnServer),
  route("GET", "/servers/{server_id}/os-security-groups", (call) => {
    const names = findServer(call).security_groups;
    const groups = [...call.site.state.security_groups.values()].filter(
      (group) => group.project_id === call.caller.project_id && names.includes(group.name),
    );
    return json({
      security_groups: groups.map(({ id, name, description }) => ({ id, name, description, rules: [] })),
    });
  }),
];

async function updateServer(call: Call): Promise<Reply> {
  const server = findServer(call);
  const given = await bodyObject(call, "server");
  server.name = given.text("name") ?? server.name;
  if (call.version.atLeast("2.19")) server.description = given.text("description") ?? server.description;
  server.updated = call.site.now();
  return json({ server: view(call, server) });
}

function view(call: Call, server: Server): Record<string, unknown> {
  const { site, version, root, caller } = call;
  return viewServer({ site, version, root, is_admin: caller.is_admin }, server, true);
}
