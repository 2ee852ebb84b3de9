import type { IncomingMessage } from "node:http";
import { GatewayFault } from "./fault.ts";
import { rewriteRequest } from "./rewrite-json.ts";
import type { SiteView } from "./site-view.ts";

/** JSON up to here is read whole, so that ids in it can be mapped and the call sent twice; more goes through as it comes. */
const MAX_WHOLE_BYTES = 1024 * 1024;

/**
 * `none`; `whole`: read, can be sent again; `stream`: goes through once, as it comes, of `length` bytes if that is known.
 */
export type RequestBody =
  | { readonly kind: "none" }
  | { readonly kind: "whole"; readonly bytes: Buffer }
  | { readonly kind: "stream"; readonly from: IncomingMessage; readonly length: string | undefined };

/** @throws GatewayFault 400 when the client's connection breaks off in the body */
export async function takeBody(
  request: IncomingMessage,
  view: SiteView,
  service: string,
): Promise<RequestBody> {
  const { "content-length": length, "transfer-encoding": coding, "content-type": type } = request.headers;
  if (coding === undefined && (length === undefined || length === "0")) {
    const bodiless = length === undefined || request.method === "GET" || request.method === "HEAD";
    return bodiless ? { kind: "none" } : { kind: "whole", bytes: Buffer.alloc(0) };
  }
  const short = coding === undefined && Number(length) <= MAX_WHOLE_BYTES;
  if (!short || !isJson(type) || isData(service)) return { kind: "stream", from: request, length };
  const bytes = await readWhole(request);
  const text = bytes.toString("latin1");
  const mapped = rewriteRequest(text, view);
  return { kind: "whole", bytes: mapped === text ? bytes : Buffer.from(mapped, "latin1") };
}

/** `application/json`, and Glance's `application/openstack-images-v2.1-json-patch`. */
export function isJson(content_type: string | undefined): boolean {
  return (
    content_type !== undefined &&
    /^application\/(?:[\w.+-]*[+.-])?json\b/i.test(content_type.replace("-json-patch", "+json"))
  );
}

/** Services whose bodies are the users' own bytes, whatever type they say to have. */
export function isData(service: string): boolean {
  return service === "object-store";
}

/** A body that has to be known before it is known where it goes. @throws GatewayFault 413 */
export async function readWholeBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > MAX_WHOLE_BYTES) throw tooLarge();
  return await readWhole(request);
}

function tooLarge(): GatewayFault {
  return new GatewayFault(413, `A body here has at most ${MAX_WHOLE_BYTES} bytes.`);
}

function readWhole(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    request.on("data", (piece: Buffer) => {
      pieces.push(piece);
      length += piece.length;
      if (length > MAX_WHOLE_BYTES) reject(tooLarge());
    });
    request.on("end", () => resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)));
    const broken = () => reject(new GatewayFault(400, "The body of the request broke off."));
    request.on("error", broken);
    request.on("close", () => {
      if (!request.complete) broken();
    });
  });
}
