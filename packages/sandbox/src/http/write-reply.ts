import type { ServerResponse } from "node:http";
import type { Reply } from "./reply.ts";

/** Sends a reply; `drop_after_bytes` cuts the connection in the middle of the body. */
export async function writeReply(
  response: ServerResponse,
  reply: Reply,
  drop_after_bytes?: number,
): Promise<void> {
  if (drop_after_bytes === 0 || response.destroyed) {
    response.destroy();
    return;
  }
  if (drop_after_bytes !== undefined) cutAfter(response, drop_after_bytes);
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (reply.stream !== undefined) {
    await reply.stream(response);
    response.end();
    return;
  }
  const body = reply.json === undefined ? reply.text : JSON.stringify(reply.json);
  if (body === undefined) {
    response.end();
    return;
  }
  if (!response.hasHeader("content-type")) response.setHeader("Content-Type", "application/json");
  // behind uWSGI, services tell no length
  response.write(body);
  response.end();
}

function cutAfter(response: ServerResponse, limit_bytes: number): void {
  const write = response.write.bind(response);
  let written = 0;
  const cut = (chunk: unknown): boolean => {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk ?? ""));
    const allowed = bytes.subarray(0, Math.max(0, limit_bytes - written));
    written += allowed.length;
    const flowing = write(allowed, () => {
      if (written >= limit_bytes) response.destroy();
    });
    return flowing;
  };
  response.write = cut as ServerResponse["write"];
  response.end = ((chunk: unknown) => {
    if (chunk !== undefined) cut(chunk);
    if (written >= limit_bytes) return response;
    return Object.getPrototypeOf(response).end.call(response);
  }) as ServerResponse["end"];
}
