import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { answerControl, CONTROL_PREFIX } from "../faults/control.ts";
import type { SetFault } from "../faults/fault-board.ts";
import type { Site } from "../site.ts";
import { Exchange } from "./exchange.ts";
import type { Listener } from "./listener.ts";
import { Refusal } from "./refusal.ts";
import { json, type Reply } from "./reply.ts";
import { answerRequest, type Service } from "./service.ts";
import { writeReply } from "./write-reply.ts";

export type Services = Service[];

/** Takes a request to the service whose prefix it has, through the faults that are set. */
export async function answer(
  site: Site,
  services: Services,
  listener: Listener,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A client that goes away is its own affair.
  request.on("error", () => undefined);
  response.on("error", () => undefined);
  try {
    const url = new URL(request.url ?? "/", "http://site");
    const service = services.find((one) => isBelow(url.pathname, one.prefix));
    if (service === undefined && isBelow(url.pathname, CONTROL_PREFIX)) {
      const exchange = new Exchange(request, url.pathname.slice(CONTROL_PREFIX.length), url.searchParams);
      await writeReply(response, await answerControl(site, listener, exchange));
      return;
    }
    if (service === undefined) {
      await writeReply(response, {
        status: 404,
        text: "Not Found\n",
        headers: { "Content-Type": "text/plain" },
      });
      return;
    }
    const path = url.pathname.slice(service.prefix.length);
    const exchange = new Exchange(request, path, url.searchParams);
    const faults = site.faults.hits(service.name, exchange.method, path + url.search);
    await answerWithFaults(site, service, exchange, response, faults);
  } catch (error) {
    console.error(`sandbox ${site.name}: ${request.method} ${request.url}:`, error);
    if (response.headersSent) response.destroy();
    else
      await writeReply(
        response,
        json({ computeFault: { code: 500, message: "Unexpected API Error." } }, 500),
      );
  } finally {
    // Whatever of the body nobody read must not be taken for the next request.
    if (!request.complete && !request.destroyed) request.resume();
  }
}

async function answerWithFaults(
  site: Site,
  service: Service,
  exchange: Exchange,
  response: ServerResponse,
  faults: SetFault[],
): Promise<void> {
  const latency_ms = Math.max(0, ...faults.map((fault) => fault.latency_ms ?? 0));
  if (latency_ms > 0) await delay(latency_ms);
  if (faults.some((fault) => fault.hang)) return;
  for (const { bytes_per_s, drop_upload_after_bytes } of faults) {
    if (bytes_per_s !== undefined) exchange.body_faults.bytes_per_s = bytes_per_s;
    if (drop_upload_after_bytes !== undefined)
      exchange.body_faults.drop_upload_after_bytes = drop_upload_after_bytes;
  }
  const instead = faults.find((fault) => fault.status !== undefined && !fault.after);
  const afterwards = faults.find((fault) => fault.status !== undefined && fault.after);
  const drop = faults.find((fault) => fault.drop_after_bytes !== undefined);
  if (drop?.drop_after_bytes === 0 && !drop.after) {
    response.destroy();
    return;
  }
  let reply = instead
    ? answerInstead(service, exchange, instead)
    : await answerRequest(site, service, exchange);
  if (afterwards) reply = answerInstead(service, exchange, afterwards);
  await writeReply(response, reply, drop?.drop_after_bytes);
}

/** A fault without a body of its own speaks the service's dialect. */
function answerInstead(service: Service, exchange: Exchange, fault: SetFault): Reply {
  const status = fault.status ?? 500;
  const headers = { ...service.headers(exchange), ...fault.headers };
  if (fault.body === undefined) {
    const reply = service.refuse(new Refusal(status, "Fault injected by the sandbox."), exchange);
    return { ...reply, headers: { ...headers, ...reply.headers } };
  }
  if (typeof fault.body === "string") return { status, text: fault.body, headers };
  return json(fault.body, status, headers);
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}
