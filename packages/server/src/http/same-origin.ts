import { Problem } from "@uniview/api";
import type { FastifyRequest } from "fastify";
import type { Principal } from "./principal.ts";

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a change that a page of somebody else asks for with our user's cookie (CSRF).
 *
 * A browser says by `Sec-Fetch-Site`, or at least by `Origin`, whose page asks. A client that says neither is no
 * browser; it may sign in, but a cookie alone does not let it change anything: scripts use API tokens.
 */
export function refuseForeignPages(
  { public_url }: { public_url: string | undefined },
  request: FastifyRequest,
  user: Principal | undefined,
): void {
  if (SAFE_METHODS.has(request.method) || user?.via === "token") return;
  const site = request.headers["sec-fetch-site"];
  const { origin } = request.headers;
  if (site === "same-origin") return;
  if (site === undefined && origin !== undefined && isOwn(origin, request.host, public_url)) return;
  if (site === undefined && origin === undefined && user === undefined) return;
  throw new Problem("not-allowed", "This change was not asked for by Uniview's own pages.", {
    remedy: "Use Uniview at its own address, or send an API token as `Authorization: Bearer …`.",
  });
}

/** A proxy may end TLS before us, so only the hosts are compared with what the browser asked for. */
function isOwn(origin: string, host: string, public_url: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const asked = new URL(origin).host;
  return asked === host || (public_url !== undefined && asked === new URL(public_url).host);
}
