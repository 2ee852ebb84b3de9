import type { Refusal } from "./refusal.ts";
import { json, type Reply } from "./reply.ts";

const KINDS: Record<number, string> = {
  400: "badRequest",
  401: "unauthorized",
  403: "forbidden",
  404: "itemNotFound",
  405: "badMethod",
  409: "conflictingRequest",
  413: "overLimit",
  415: "badMediaType",
  429: "overLimit",
  501: "notImplemented",
  503: "serviceUnavailable",
};

/** Nova's and Cinder's errors: `{ "itemNotFound": { "code": 404, "message": … } }`. */
export function refuseByKind(refusal: Refusal): Reply {
  const { status, message } = refusal;
  if (status === 401) return refuseUnauthenticated();
  const detail = { code: status, message, ...(status === 413 ? { retryAfter: "0" } : {}) };
  return json(
    { [KINDS[status] ?? "computeFault"]: detail },
    status,
    status === 413 ? { "Retry-After": "0" } : {},
  );
}

/** What keystonemiddleware answers in front of every service but Glance. */
export function refuseUnauthenticated(): Reply {
  return json(
    {
      error: {
        code: 401,
        title: "Unauthorized",
        message: "The request you have made requires authentication.",
      },
    },
    401,
  );
}
