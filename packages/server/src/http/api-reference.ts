import { openapiDocument } from "@uniview/api/openapi";
import { VERSION } from "../version.ts";
import type { App } from "./app.ts";
import { writeReferencePage } from "./reference-page.ts";

/** `/api/openapi.json` and the same as a page to read, at `/api` and `/api/docs`. Written once, when first asked for. */
export function registerApiReference(app: App): void {
  let document: Record<string, unknown> | undefined;
  let page: string | undefined;
  const openapi = () => {
    document ??= openapiDocument(VERSION);
    return document;
  };
  app.fastify.get("/api/openapi.json", () => openapi());
  for (const path of ["/api", "/api/", "/api/docs"]) {
    app.fastify.get(path, (_, reply) => {
      page ??= writeReferencePage(openapi());
      return reply.type("text/html; charset=utf-8").send(page);
    });
  }
}
