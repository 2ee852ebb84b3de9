import { endpoints } from "@uniview/api";
import pg from "pg";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createApp } from "./app.ts";
import { route } from "./route.ts";

/** What a route answers when looking up who asks fails with this. */
async function answerTo(failure: () => Promise<never>) {
  const app = await createApp({
    log: pino({ level: "silent" }),
    authenticate: failure,
    onceByKey: (_, answer) => answer(),
    record: () => {},
    public_url: undefined,
    check_answers: true,
  });
  route(app, endpoints.listSites, () => ({ items: [] }));
  const answer = await app.fastify.inject({ url: "/api/v1/sites" });
  await app.fastify.close();
  return { status: answer.statusCode, type: answer.headers["content-type"], body: answer.json() };
}

test("a database that does not answer is said to be that, with what to do", async () => {
  const answer = await answerTo(async () => {
    const nowhere = new pg.Client({ connectionString: "postgresql://u@localhost/u?host=/nonexistent" });
    await nowhere.connect();
    throw new Error("somebody listens there");
  });
  expect(answer).toMatchObject({
    status: 503,
    type: expect.stringMatching(/^application\/problem\+json/),
    body: { detail: "Uniview's PostgreSQL does not answer.", remedy: expect.any(String) },
  });
});

test("what nobody foresaw is told without its insides", async () => {
  const { status, body } = await answerTo(() => Promise.reject(new Error("the secret is hunter2")));
  expect(status).toBe(500);
  expect(JSON.stringify(body)).not.toContain("hunter2");
  expect(body).toMatchObject({ request_id: expect.any(String) });
});
