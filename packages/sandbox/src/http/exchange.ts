import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";

/** JSON bodies above this are refused, as by oslo.middleware's `max_request_body_size`. */
const MAX_BODY_BYTES = 114_688;

/** Limits that a fault puts on the bodies of one request. */
export interface BodyFaults {
  bytes_per_s?: number;
  drop_upload_after_bytes?: number;
}

/** One request on its way through the site. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly method: string;
  /** Path below the service's prefix, decoded lazily by the router; no query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly request_id: string;
  body_faults: BodyFaults = {};

  constructor(request: IncomingMessage, path: string, query: URLSearchParams) {
    this.request = request;
    this.method = request.method ?? "GET";
    this.path = path;
    this.query = query;
    this.request_id = `req-${randomUUID()}`;
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  /** @throws Refusal 400 for what is not JSON, 413 for what is too long */
  async json(): Promise<unknown> {
    const parts: Buffer[] = [];
    let size_bytes = 0;
    for await (const part of this.request) {
      size_bytes += (part as Buffer).length;
      if (size_bytes > MAX_BODY_BYTES) throw new Refusal(413, "Request is too large.");
      parts.push(part as Buffer);
    }
    try {
      return JSON.parse(Buffer.concat(parts).toString("utf8"));
    } catch {
      throw new Refusal(400, "Malformed request body");
    }
  }
}
