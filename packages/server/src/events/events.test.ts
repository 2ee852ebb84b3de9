import type { Change } from "@uniview/api";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testGrant, testProject } from "../inventory/testing.ts";
import { startTestServer, type TestServer, type TestUser } from "../testing.ts";
import { createEventHub, type EventHub } from "./hub.ts";

let server: TestServer;
let owner: TestUser;
let stranger: TestUser;
let site_project_id: string;
let site_id: string;
let other: EventHub;

beforeAll(async () => {
  server = await startTestServer();
  owner = await server.user("owner");
  stranger = await server.user("stranger");
  const principal = {
    user_id: owner.id,
    name: "owner",
    role: "user",
    via: "token",
    credential_id: "",
  } as const;
  const project = await testProject(server.database, "here", "demo", principal);
  await testGrant(server.database, principal, project);
  ({ id: site_project_id, site_id } = project);
  other = await createEventHub(server.database, pino({ level: "silent" }));
  publish = other.publish;
});
afterAll(async () => {
  await other.close();
  await server.close();
});

/** As another server of the same database does. */
let publish: EventHub["publish"];

/** Listens until `last` comes; the stream is known to be open when its first byte is. */
async function listen(user: TestUser, last: string) {
  const heard: Change[] = [];
  const stop = new AbortController();
  const answer = await server.ask("GET", "/events", { token: user.token });
  expect(answer.headers.get("content-type")).toMatch(/^text\/event-stream/);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  await reader?.read();
  const done = (async () => {
    for (let text = ""; ; ) {
      const { value, done: ended } = (await reader?.read()) ?? { value: "", done: true };
      if (ended) return heard;
      text += value;
      const events = text.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data === undefined) continue;
        const change = JSON.parse(data) as Change;
        if (change.type === "resource" && change.id === null) continue; // the server's own reader, of a site that is none
        heard.push(change);
        if (change.type === "site" && change.site === last) {
          await reader?.cancel();
          return heard;
        }
      }
    }
  })();
  return { done, stop };
}

test("each hears of what concerns them, in order, and of nothing else", async () => {
  const [mine, theirs] = [await listen(owner, "end"), await listen(stranger, "end")];
  await publish({ type: "resource", kind: "servers", site: "here", id: "1" }, { site_project_id });
  await publish({ type: "site", site: "here" }, { site_id });
  await publish({ type: "site", site: "gone" }, { user_ids: [stranger.id] });
  await server.database.pool.query(
    "insert into jobs (id, workflow, title, owner, input, status) values ('00000000-0000-4000-8000-00000000000a', 'w', 't', $1, '{}', 'succeeded')",
    [owner.id],
  );
  await server.database.notify("job", "00000000-0000-4000-8000-00000000000a");
  await publish({ type: "site", site: "end" }, { user_ids: [owner.id, stranger.id] });
  expect(await mine.done).toEqual([
    { type: "resource", kind: "servers", site: "here", id: "1" },
    { type: "site", site: "here" },
    { type: "job", id: "00000000-0000-4000-8000-00000000000a" },
    { type: "site", site: "end" },
  ]);
  expect(await theirs.done).toEqual([
    { type: "site", site: "gone" },
    { type: "site", site: "end" },
  ]);
});

test("a thousand changes at once are all heard, in order, and the last at the end", async () => {
  const mine = await listen(owner, "last");
  const ids = Array.from({ length: 1000 }, (_, at) => `server-${at}`);
  const changes = ids.map((id) => ({ type: "resource", kind: "servers", site: "here", id }) as const);
  await Promise.all([
    ...changes.slice(0, 10).map((change) => publish(change, { site_project_id })),
    publish(changes.slice(10), { site_project_id }),
  ]);
  await publish({ type: "site", site: "last" }, { site_id });
  expect(await mine.done).toEqual([...changes, { type: "site", site: "last" }]);
});

test("a grant is heard of at once, by who got it", async () => {
  const theirs = await listen(stranger, "here");
  const made = await server.ask("POST", "/sites/here/grants", {
    token: server.administrator.token,
    body: { user_name: "stranger", project_id: "here-demo" },
  });
  expect(made.status).toBe(201);
  await publish({ type: "site", site: "here" }, { site_id });
  expect(await theirs.done).toEqual([{ type: "site", site: "here" }]);
});

test("nobody listens without signing in", async () => {
  expect((await server.ask("GET", "/events")).status).toBe(401);
});
