import type { FastifyInstance } from "fastify";

/** Nothing from elsewhere, no frames. Styles may be inline: the console's components compute theirs. */
const POLICY = {
  "default-src": "'self'",
  "script-src": "'self'",
  "style-src": "'self' 'unsafe-inline'",
  "img-src": "'self' data: blob:",
  "font-src": "'self' data:",
  "connect-src": "'self'",
  "worker-src": "'self' blob:",
  "object-src": "'none'",
  "base-uri": "'none'",
  "form-action": "'self'",
  "frame-ancestors": "'none'",
};

const HSTS = `max-age=${365 * 24 * 60 * 60}`;

/** The policy of pages; `script_hashes` (`sha256-…`) allow the inline scripts of one page and no others. */
export function contentSecurityPolicy(script_hashes: readonly string[] = []): string {
  const scripts = [POLICY["script-src"], ...script_hashes.map((hash) => `'${hash}'`)].join(" ");
  return Object.entries({ ...POLICY, "script-src": scripts })
    .map(([directive, value]) => `${directive} ${value}`)
    .join("; ");
}

export function setSecurityHeaders(instance: FastifyInstance, public_url: string | undefined): void {
  const headers: Record<string, string> = {
    "content-security-policy": contentSecurityPolicy(),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    ...(public_url?.startsWith("https:") ? { "strict-transport-security": HSTS } : {}),
  };
  instance.addHook("onRequest", async (request, reply) => {
    reply.headers(headers);
    // what the API tells is for whoever asked, now; static files set their own
    if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
  });
}
