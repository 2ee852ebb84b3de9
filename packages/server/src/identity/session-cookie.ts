import type { FastifyReply, FastifyRequest } from "fastify";
import { ABSOLUTE_DAYS } from "./session-store.ts";

const NAME = "uniview_session";

export function readSessionCookie(request: FastifyRequest): string | undefined {
  return request.cookies[NAME];
}

/** Not readable by scripts, not sent by other sites' pages, and over TLS only where users come by TLS. */
export function setSessionCookie(reply: FastifyReply, secret: string, public_url: string | undefined): void {
  reply.setCookie(NAME, secret, { ...attributes(reply, public_url), maxAge: ABSOLUTE_DAYS * 24 * 60 * 60 });
}

export function clearSessionCookie(reply: FastifyReply, public_url: string | undefined): void {
  reply.clearCookie(NAME, attributes(reply, public_url));
}

function attributes(reply: FastifyReply, public_url: string | undefined) {
  const secure = reply.request.protocol === "https" || (public_url?.startsWith("https:") ?? false);
  return { path: "/", httpOnly: true, sameSite: "strict", secure } as const;
}
