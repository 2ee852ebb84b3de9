import type { App } from "./app.ts";

/** `/healthz` for load balancers: 200 while this server can do its work, 503 while it cannot. */
export function registerHealth(app: App, check: () => Promise<unknown>): void {
  app.fastify.get("/healthz", async (request, reply) => {
    reply.header("cache-control", "no-store");
    try {
      await check();
      return { status: "ok" };
    } catch (error) {
      request.log.warn({ err: error }, "the health check failed");
      return reply.status(503).send({ status: "failing", problem: "The database does not answer." });
    }
  });
}
