import { randomUUID } from "node:crypto";
import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import { type Call, type Route, route } from "../http/route.ts";
import { findServer, refuseStates } from "./find-server.ts";

/** The page of noVNC, as recent releases name it; nobody serves it here. */
const PAGE = "/console/vnc_lite.html";

export const CONSOLE_ROUTES: Route[] = [
  route("POST", "/servers/{server_id}/remote-consoles", makeConsole, {
    since: "2.6",
    policy: "os_compute_api:os-remote-consoles",
  }),
];

/** Only VNC in a browser is configured, as at most sites. */
async function makeConsole(call: Call): Promise<Reply> {
  const given = (await call.body()).object("remote_console");
  const type = given?.needText("type");
  const protocol = given?.needText("protocol");
  const server = findServer(call);
  if (protocol !== "vnc" || type !== "novnc") throw new Refusal(400, `Unavailable console type ${type}.`);
  refuseStates(server, "get_vnc_console", ["active"]);
  const path = encodeURIComponent(`?token=${randomUUID()}`);
  return json({ remote_console: { protocol, type, url: `${call.site.url}${PAGE}?path=${path}` } });
}
