import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import staticFiles from "@fastify/static";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { App } from "./app.ts";
import { pathOf } from "./request-log.ts";
import { contentSecurityPolicy } from "./security-headers.ts";

/** The console's build puts a hash of the content into the names below this. */
const HASHED = "/assets/";
const HASHED_CACHE = "public, max-age=31536000, immutable";

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Uniview</title>
<h1>Uniview runs</h1>
<p>Its console is not built yet. Build it with <code>npm run build</code> and load this page again;
the API works meanwhile: <a href="/api/docs">reference</a>.</p></html>`;

/** Serves the built console: its files, and its one page at every other address that a browser asks for. */
export async function registerConsole(app: App, console_dir: string): Promise<void> {
  await app.fastify.register(staticFiles, { root: console_dir, serve: false, cacheControl: false });
  const page = createPageReader(join(console_dir, "index.html"));

  app.fastify.get("/*", async (request, reply) => {
    const path = pathOf(request);
    if (path === "/api" || path.startsWith("/api/")) return reply.callNotFound();
    if (path === "/" || asksForPage(request, path)) return sendPage(reply, await page());
    const name = path.slice(1);
    reply.header("cache-control", path.startsWith(HASHED) ? HASHED_CACHE : "no-cache");
    return reply.sendFile(name); // where there is none: the not-found handler
  });
}

function asksForPage(request: FastifyRequest, path: string): boolean {
  return !path.startsWith(HASHED) && (request.headers.accept?.includes("text/html") ?? false);
}

interface Page {
  readonly html: string;
  readonly policy: string;
}

async function sendPage(reply: FastifyReply, page: Page | undefined) {
  // the page names the hashed files of one build, so it is asked for anew each time
  reply.type("text/html; charset=utf-8").header("cache-control", "no-cache");
  if (!page) return reply.status(503).send(NOT_BUILT);
  return reply.header("content-security-policy", page.policy).send(page.html);
}

/** Reads the page each time (it is small, and may be built while the server runs). */
function createPageReader(file: string): () => Promise<Page | undefined> {
  return async () => {
    const html = await readFile(file, "utf8").catch(() => undefined);
    return html === undefined ? undefined : { html, policy: contentSecurityPolicy(inlineScriptHashes(html)) };
  };
}

function inlineScriptHashes(html: string): string[] {
  return [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script]) =>
      `sha256-${createHash("sha256")
        .update(script ?? "")
        .digest("base64")}`,
  );
}
