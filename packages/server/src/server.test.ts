import { endpoints, Problem } from "@uniview/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cookieOf, startTestServer, type TestServer } from "./testing.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const slugOf = async (answer: Response) => {
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  const { type, detail } = (await answer.json()) as { type: string; detail: string };
  expect(detail).toMatch(/\.$/);
  return type.slice(type.lastIndexOf("/") + 1);
};
const own = () => ({ origin: server.url });
const signIn = (name: string, password: string, headers?: Record<string, string>) =>
  server.ask("POST", "/session", { body: { name, password }, ...(headers ? { headers } : {}) });

test("whatever is wrong with a request, the answer is a problem that says what", async () => {
  const { token } = server.administrator;
  const raw = (path: string, init: RequestInit) => fetch(`${server.url}${path}`, init);
  const json = { "content-type": "application/json" };
  expect(await slugOf(await raw("/api/v1/nothing", {}))).toBe("not-found");
  expect(await slugOf(await raw("/api/v1/%zz", {}))).toBe("invalid-input");
  expect(await slugOf(await raw("/api/v1/session", { method: "PUT" }))).toBe("not-found");
  expect(await slugOf(await raw("/api/v1/session", { method: "POST", headers: json, body: "{x" }))).toBe(
    "invalid-input",
  );
  expect(await slugOf(await raw("/api/v1/session", { method: "POST", body: "text" }))).toBe("invalid-input");
  expect(await slugOf(await raw("/api/v1/session", { method: "POST", headers: json }))).toBe("invalid-input");
  const large = JSON.stringify({ name: "a", password: "x".repeat(2_000_000) });
  expect(await slugOf(await raw("/api/v1/session", { method: "POST", headers: json, body: large }))).toBe(
    "payload-too-large",
  );
  expect(await slugOf(await server.ask("GET", "/servers?limit=0", { token }))).toBe("invalid-input");
  expect(await slugOf(await server.ask("GET", "/jobs/not-a-uuid", { token }))).toBe("invalid-input");
});

test("bad input names its field, and lists the others that are wrong, too", async () => {
  const answer = await server.ask("POST", "/users", {
    token: server.administrator.token,
    body: { name: "-", password: "short" },
  });
  expect(await answer.json()).toMatchObject({
    status: 400,
    field: "name",
    errors: [{ field: "name" }, { field: "password" }],
  });
});

test("the setup link works once", async () => {
  const again = await server.ask("POST", "/setup", {
    body: { token: "x", name: "second", password: "long enough" },
  });
  expect(await slugOf(again)).toBe("setup-link-invalid");
});

test("a wrong password and an unknown name get the same answer", async () => {
  const wrong = await signIn("root", "wrong");
  const unknown = await signIn("nobody", "wrong");
  const { detail, ...rest } = (await wrong.json()) as { detail: string };
  expect(await unknown.json()).toEqual({ detail, ...rest });
  expect(wrong.status).toBe(401);
});

test("guessing is slowed down, for the guesser's name only", async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 12; n += 1) statuses.push((await signIn("guessed", "wrong")).status);
  expect(statuses).toContain(429);
  expect((await signIn("other", "wrong")).status).toBe(401);
});

test("a session cookie is for our pages only, and ends with signing out", async () => {
  await server.user("ada");
  const answer = await signIn("ADA", "correct horse battery");
  expect(answer.headers.get("set-cookie")).toMatch(/; HttpOnly; SameSite=Strict/);
  const cookie = cookieOf(answer);
  const make = (headers: Record<string, string>) =>
    server.ask("POST", "/tokens", { body: { name: "by cookie" }, headers: { cookie, ...headers } });
  expect((await server.ask("GET", "/session", { headers: { cookie } })).status).toBe(200);
  expect(await slugOf(await make({}))).toBe("not-allowed");
  expect(await slugOf(await make({ origin: "https://evil.example" }))).toBe("not-allowed");
  expect(await slugOf(await make({ "sec-fetch-site": "cross-site", ...own() }))).toBe("not-allowed");
  expect((await make(own())).status).toBe(201);
  expect(await slugOf(await signIn("ada", "correct horse battery", { origin: "https://evil.example" }))).toBe(
    "not-allowed",
  );
  const out = await server.ask("DELETE", "/session", { headers: { cookie, ...own() } });
  expect(out.status).toBe(204);
  expect((await server.ask("GET", "/session", { headers: { cookie } })).status).toBe(401);
});

test("an API token is shown once, is kept as a hash, and ends when it is revoked", async () => {
  const { client } = server.administrator;
  const made = await client.call(endpoints.createToken, { body: { name: "ci", expires_in_days: 1 } });
  expect(made.token).toMatch(/^uvt_[\w-]{43}$/);
  const { rows } = await server.database.pool.query("select * from api_tokens");
  expect(JSON.stringify(rows)).not.toContain(made.token);
  expect((await server.ask("GET", "/session", { token: made.token })).status).toBe(200);
  expect(JSON.stringify(await client.call(endpoints.listTokens))).not.toContain(made.token);
  await expect(client.call(endpoints.createToken, { body: { name: "ci" } })).rejects.toMatchObject({
    slug: "name-taken",
  });
  await client.call(endpoints.deleteToken, { params: { id: made.id } });
  expect((await server.ask("GET", "/session", { token: made.token })).status).toBe(401);
});

test("an expired token and an expired session let nobody in", async () => {
  const eve = await server.user("eve");
  const cookie = cookieOf(await signIn("eve", "correct horse battery"));
  const { pool } = server.database;
  await pool.query("update api_tokens set expires_at = now() - interval '1 second' where user_id = $1", [
    eve.id,
  ]);
  expect((await server.ask("GET", "/session", { token: eve.token })).status).toBe(401);
  await pool.query("update sessions set seen_at = now() - interval '13 hours' where user_id = $1", [eve.id]);
  expect((await server.ask("GET", "/session", { headers: { cookie } })).status).toBe(401);
  await pool.query(
    "update sessions set seen_at = now(), created_at = now() - interval '8 days' where user_id = $1",
    [eve.id],
  );
  expect((await server.ask("GET", "/session", { headers: { cookie } })).status).toBe(401);
});

test("the same idempotency key gives the same answer, once; with another request it is refused", async () => {
  const { client } = server.administrator;
  const idempotency_key = "key-1";
  const first = await client.call(endpoints.createToken, { body: { name: "once" }, idempotency_key });
  expect(await client.call(endpoints.createToken, { body: { name: "once" }, idempotency_key })).toEqual(
    first,
  );
  await expect(
    client.call(endpoints.createToken, { body: { name: "twice" }, idempotency_key }),
  ).rejects.toMatchObject({
    slug: "idempotency-key-reused",
  });
  const { rows } = await server.database.pool.query(
    "select encode(sealed_answer, 'escape') as kept from idempotency_keys",
  );
  expect(JSON.stringify(rows)).not.toContain(first.token);
});

test("of requests that come at once with one key, one acts", async () => {
  const { client } = server.administrator;
  const send = () =>
    client.call(endpoints.createUser, {
      body: { name: "raced", password: "long enough" },
      idempotency_key: "race",
    });
  const outcomes = await Promise.allSettled([send(), send(), send()]);
  const failures = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  for (const failure of failures) expect(failure).toBeInstanceOf(Problem);
  for (const failure of failures) expect(failure).toMatchObject({ slug: "conflict" });
  expect(failures.length).toBeLessThan(3);
  await send();
  const { items } = await client.call(endpoints.listUsers);
  expect(items.filter((user) => user.name === "raced")).toHaveLength(1);
});

test("a request that failed may be tried again with its key", async () => {
  const { client } = server.administrator;
  const body = { name: "Raced", password: "long enough" };
  const send = () => client.call(endpoints.createUser, { body, idempotency_key: "retry" });
  await client.call(endpoints.createUser, { body: { name: "raced2", password: "long enough" } });
  await expect(
    client.call(endpoints.createUser, { body: { ...body, name: "RACED2" }, idempotency_key: "retry" }),
  ).rejects.toMatchObject({ slug: "name-taken" });
  await expect(send()).rejects.toMatchObject({ slug: "name-taken" });
});

test("a user goes with their sessions and tokens, but the last administrator stays", async () => {
  const { client, id } = server.administrator;
  const bob = await server.user("bob");
  await client.call(endpoints.deleteUser, { params: { id: bob.id } });
  expect((await server.ask("GET", "/session", { token: bob.token })).status).toBe(401);
  await expect(client.call(endpoints.deleteUser, { params: { id } })).rejects.toMatchObject({
    slug: "conflict",
  });
  expect((await client.call(endpoints.getSession)).user.name).toBe("root");
});

test("the reference is a page to read and a document for machines, and nothing is loaded from elsewhere", async () => {
  const page = await fetch(`${server.url}/api/docs`);
  const html = await page.text();
  for (const { id } of Object.values(endpoints)) expect(html).toContain(`id="${id}"`);
  expect(html).not.toMatch(/<script|src="http|href="http/);
  expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(page.headers.get("x-content-type-options")).toBe("nosniff");
  const document = await fetch(`${server.url}/api/openapi.json`);
  expect(await document.json()).toMatchObject({ openapi: "3.1.0" });
  expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: "ok" });
});

test("a page of the console is an HTML page wherever it is, and a missing file is a problem", async () => {
  const page = await fetch(`${server.url}/servers/zed/1`, { headers: { accept: "text/html" } });
  expect(page.headers.get("content-type")).toMatch(/^text\/html/);
  expect(await slugOf(await fetch(`${server.url}/assets/missing.js`))).toBe("not-found");
  expect(await slugOf(await fetch(`${server.url}/../../package.json`))).toBe("not-found");
});
