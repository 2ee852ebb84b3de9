import type { ServerResponse } from "node:http";

/** What a handler answers: JSON, a text, a stream, or just a status. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  json?: unknown;
  text?: string;
  /** Writes a body of known length itself; the status and headers have been sent by then. */
  stream?: (response: ServerResponse) => Promise<void>;
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return { status, json: body, headers };
}

export function empty(status = 204, headers: Record<string, string> = {}): Reply {
  return { status, headers };
}
