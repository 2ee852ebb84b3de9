import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { OpenStackError, SiteUnreachable } from "@uniview/openstack";
import { asSiteUnreachable } from "@uniview/openstack/session/network-problem";
import type { Dispatcher } from "undici";
import type { SiteDoor } from "../../sites/session-pool.ts";
import type { AnswerWriter } from "./answer.ts";
import { GatewayFault, siteAway } from "./fault.ts";
import type { RequestBody } from "./request-body.ts";
import { MAX_UNDER_WAY, type SitePool } from "./site-pools.ts";

/** Until the first byte of an answer; services of a loaded site take their time. */
const CALL_TIMEOUT_MS = 60_000;
/** Longest silence in the middle of a body, in either direction; there is no limit on the whole. */
const IDLE_TIMEOUT_MS = 5 * 60_000;

export interface Order {
  readonly site: string;
  readonly method: string;
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  /** false: for documents that everybody may read. */
  readonly with_token: boolean;
  /** The headers for the site, with this token. */
  headers(token: string | undefined): Record<string, string | string[]>;
  readonly body: RequestBody;
  /** Bodies that travel long have connections of their own. */
  readonly long: boolean;
}

/**
 * Sends one call to a site and its answer to the client, as it comes. A token that the site no longer takes is
 * renewed once, and the call sent again where its body is still there.
 *
 * @throws GatewayFault as long as nothing was answered to the client
 */
export async function forward(
  order: Order,
  { door, pool }: { door: SiteDoor; pool: SitePool },
  client: { request: IncomingMessage; response: ServerResponse; writer: AnswerWriter },
): Promise<void> {
  if (pool.under_way >= MAX_UNDER_WAY) {
    throw siteAway(order.site, "more calls wait for it than Uniview keeps waiting.");
  }
  pool.under_way += 1;
  try {
    await untilAnswered(order, door, pool, client);
  } finally {
    pool.under_way -= 1;
  }
}

type Client = Parameters<typeof forward>[2];

async function untilAnswered(order: Order, door: SiteDoor, pool: SitePool, client: Client): Promise<void> {
  const replayable = order.body.kind !== "stream";
  const safe = order.body.kind === "none" && (order.method === "GET" || order.method === "HEAD");
  let renewed = false;
  for (let attempt = 1; ; attempt += 1) {
    const token = order.with_token ? await tokenOf(order, door) : undefined;
    const outcome = await tryOnce(order, token, door, pool, client);
    if (outcome === "answered") return;
    if (outcome === "token_refused" && token === undefined) {
      throw new GatewayFault(401, `The site ${order.site} shows this to nobody who has not signed in.`);
    }
    if (outcome === "token_refused") {
      door.session.discard(token ?? "");
      if (renewed) throw siteAway(order.site, "it does not take the token that it just gave.");
      renewed = true;
      if (replayable) continue;
      // for the next try, which the client makes itself
      await tokenOf(order, door);
      const message = `The site ${order.site} wanted a new token, which is there now; send it again.`;
      throw new GatewayFault(503, message, { "retry-after": "1" });
    }
    // a kept connection that the site closed at that moment: nothing was done
    if (outcome.kind === "reset" && safe && attempt === 1) continue;
    throw siteAway(order.site, outcome.message);
  }
}

/** @throws GatewayFault 503 when the site gives none */
async function tokenOf(order: Order, door: SiteDoor): Promise<string> {
  try {
    return (await door.session.token()).id;
  } catch (error) {
    if (error instanceof SiteUnreachable) throw siteAway(order.site, error.message);
    if (!(error instanceof OpenStackError)) throw error;
    const why =
      error.status < 500
        ? "its Keystone does not take the credential that Uniview has; add the site again."
        : `its Keystone answered ${error.status}.`;
    throw siteAway(order.site, why);
  }
}

function tryOnce(
  order: Order,
  token: string | undefined,
  door: SiteDoor,
  pool: SitePool,
  { request, response, writer }: Client,
): Promise<"answered" | "token_refused" | SiteUnreachable> {
  return new Promise((resolve, reject) => {
    const { body, method } = order;
    const headers = order.headers(token);
    const uploads = body.kind === "stream";
    if (uploads && body.length !== undefined) headers["content-length"] = body.length;
    let refused = false;
    let answering = false;
    let client_gone = false;
    let abort: ((reason: Error) => void) | undefined;
    const gone = () => {
      if (response.writableFinished) return;
      client_gone = true;
      abort?.(new Error("the client went away"));
    };
    response.once("close", gone);
    const { host } = new URL(order.origin);
    const stalled = () => abort?.(new SiteUnreachable("timeout", host, `${host} took nothing for too long.`));
    const idle = uploads ? setTimeout(stalled, IDLE_TIMEOUT_MS) : undefined;
    const settle = () => {
      clearTimeout(idle);
      response.off("close", gone);
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        abort = (reason) => controller.abort(reason);
        if (client_gone) abort(new Error("the client went away"));
      },
      onBodySent: () => void idle?.refresh(),
      onResponseStart(controller, status, site_headers) {
        if (status < 200) return;
        clearTimeout(idle);
        door.breaker.answered();
        if (status === 401) {
          refused = true;
          return;
        }
        answering = true;
        try {
          writer.start(controller, status, site_headers, method);
        } catch (error) {
          answering = false;
          settle();
          reject(error);
          controller.abort(error instanceof Error ? error : new Error(String(error)));
        }
      },
      onResponseData(controller, piece) {
        if (!refused) writer.data(controller, piece);
      },
      onResponseEnd() {
        settle();
        if (!refused) writer.end();
        resolve(refused ? "token_refused" : "answered");
      },
      onResponseError(_controller, error) {
        settle();
        if (client_gone || answering) {
          // the client has the beginning of an answer: only a broken connection tells it that there is no end
          response.destroy();
          return resolve("answered");
        }
        if (request.errored || (uploads && request.destroyed && !request.complete))
          return resolve("answered");
        if (refused) return resolve("token_refused");
        if (isOfClient(error)) return reject(new GatewayFault(400, `This cannot be sent: ${error.message}.`));
        const unreachable = asSiteUnreachable(error, host);
        if (!(unreachable instanceof SiteUnreachable)) return reject(error);
        door.breaker.failed();
        resolve(unreachable);
      },
    };
    const agent = order.long ? pool.streams : pool.calls;
    agent.dispatch(
      {
        origin: order.origin,
        path: order.path,
        method,
        headers,
        body: sendable(body),
        // an upload is answered when it is over: its own watch looks after it until then
        headersTimeout: uploads ? 0 : CALL_TIMEOUT_MS,
        bodyTimeout: IDLE_TIMEOUT_MS,
      },
      handler,
    );
  });
}

/** A request that is wrong in itself says nothing of the site. */
function isOfClient(error: Error): boolean {
  const code = "code" in error ? error.code : undefined;
  return code === "UND_ERR_INVALID_ARG" || code === "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH";
}

/**
 * The body as undici takes it. A stream goes as an iterator that leaves the client's connection open when a site
 * answers before it has read everything, so that the answer still reaches the client.
 */
function sendable(body: RequestBody): Buffer | Readable | null {
  if (body.kind === "none") return null;
  if (body.kind === "whole") return body.bytes;
  // undici takes any iterable of bytes, its types know only streams
  return body.from.iterator({ destroyOnReturn: false }) as unknown as Readable;
}
