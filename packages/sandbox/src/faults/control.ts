import { listDisks, listGuests, showGuest } from "../guests/guest-routes.ts";
import type { Exchange } from "../http/exchange.ts";
import { isObject } from "../http/json.ts";
import type { Listener } from "../http/listener.ts";
import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import type { Fault } from "../options.ts";
import type { Site } from "../site.ts";
import { expireTokens, setQuota } from "./site-faults.ts";

/** What no OpenStack has: looking at disks and guests, and breaking things. Needs no token. */
export const CONTROL_PREFIX = "/sandbox";

export async function answerControl(site: Site, listener: Listener, exchange: Exchange): Promise<Reply> {
  try {
    return await controlRoute(site, listener, exchange);
  } catch (error) {
    const status = error instanceof Refusal ? error.status : 400;
    return json({ error: error instanceof Error ? error.message : String(error) }, status);
  }
}

async function controlRoute(site: Site, listener: Listener, exchange: Exchange): Promise<Reply> {
  const [, noun, id] = exchange.path.split("/");
  switch (`${exchange.method} ${noun ?? ""}${id === undefined ? "" : "/{id}"}`) {
    case "GET disks":
      return json(await listDisks(site));
    case "GET guests":
      return json(await listGuests(site));
    case "GET guests/{id}":
      return json(await showGuest(site, id ?? ""));
    case "GET faults":
      return json(site.faults.list());
    case "POST faults":
      return await setFault(site, listener, exchange);
    case "DELETE faults":
      site.faults.clear();
      return empty();
    case "DELETE faults/{id}":
      site.faults.clear(id);
      return empty();
    default:
      throw new Refusal(404, `the sandbox has no ${exchange.method} ${exchange.path}`);
  }
}

/**
 * The body is a fault, or one of `{"expire_tokens": true}`, `{"quota": {service, project, limits}}`,
 * `{"down_ms": 3000}` (the site comes back by itself: nobody could ask it to).
 */
async function setFault(site: Site, listener: Listener, exchange: Exchange): Promise<Reply> {
  const body = await exchange.json();
  if (!isObject(body)) throw new Refusal(400, "a fault is a JSON object");
  if (body["expire_tokens"] === true) {
    expireTokens(site);
    return empty();
  }
  if (isObject(body["quota"])) {
    const { service, project, limits } = body["quota"];
    setQuota(site, String(service), String(project), limits as Record<string, number>);
    return empty();
  }
  if (typeof body["down_ms"] === "number") {
    const down_ms = body["down_ms"];
    setImmediate(() => void listener.down());
    setTimeout(() => void listener.up(), down_ms);
    return empty(202);
  }
  return json({ id: site.faults.set(body as Fault) }, 201);
}
