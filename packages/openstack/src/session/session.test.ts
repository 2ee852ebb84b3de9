import { afterEach, expect, test } from "vitest";
import { catalogEntry, countingTokens, tokenReply } from "../../test/keystone-stub.ts";
import { NOVA_VERSIONED } from "../../test/recorded-documents.ts";
import { type StubSite, stubSite } from "../../test/stub-site.ts";
import { SiteUnreachable } from "../errors/site-unreachable.ts";
import type { CloudCredentials } from "./credentials.ts";
import { createSession } from "./session.ts";
import type { RequestRecord, Session, SessionOptions } from "./session-types.ts";

const open: (Session | StubSite)[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) {
    if ("close" in one) await one.close();
    else await one[Symbol.asyncDispose]();
  }
});

/** A site with Keystone and Nova behind one address. */
async function site(): Promise<StubSite> {
  const stub = await stubSite();
  open.push(stub);
  const catalog = [catalogEntry("compute", `${stub.url}/compute/v2.1`)];
  stub.on["POST /v3/auth/tokens"] = countingTokens(() => ({ catalog }));
  stub.on["GET /compute/v2.1/"] = { json: NOVA_VERSIONED };
  stub.on["GET /compute/v2.1/servers/s1"] = { json: { server: { id: "s1" } } };
  return stub;
}

function signIn(
  stub: StubSite,
  options: SessionOptions = {},
  cloud: Partial<CloudCredentials> = {},
): Session {
  const auth = { type: "password", username: "demo", password: "secret", project_name: "demo" } as const;
  const session = createSession({ auth_url: `${stub.url}/v3`, auth, ...cloud }, options);
  open.push(session);
  return session;
}

const getServer = async (session: Session) =>
  await (await session.service("compute")).get<{ id: string }>("/servers/s1", { unwrap: "server" });

test("nothing is sent before the first use", async () => {
  const stub = await site();
  const session = signIn(stub);
  expect(session.user).toBeUndefined();
  expect(stub.log).toEqual([]);
});

test("one sign-in and one discovery serve all calls", async () => {
  const stub = await site();
  const session = signIn(stub);
  await Promise.all([getServer(session), getServer(session)]);
  expect(await getServer(session)).toEqual({ id: "s1" });
  const counts = Map.groupBy(stub.log, (line) => line);
  expect(counts.get("POST /v3/auth/tokens")).toHaveLength(1);
  expect(counts.get("GET /compute/v2.1/")).toHaveLength(1);
  expect(session.user?.name).toBe("demo");
  expect(session.roles.map((role) => role.name)).toEqual(["member"]);
});

test("Keystone's URL is found where the version is missing or old", async () => {
  const stub = await site();
  stub.on["GET /"] = { status: 300, json: { versions: { values: [{ id: "v3.14", status: "stable" }] } } };
  for (const auth_url of [stub.url, `${stub.url}/`, `${stub.url}/v2.0`, `${stub.url}/v3/`]) {
    const session = signIn(stub, {}, { auth_url });
    expect((await session.service("compute")).endpoint).toBe(`${stub.url}/compute/v2.1`);
  }
});

test("a token that the site refuses is renewed once", async () => {
  const stub = await site();
  stub.on["GET /compute/v2.1/servers/s1"] = ({ headers }) =>
    headers["x-auth-token"] === "token-1"
      ? { status: 401, json: { error: { message: "ended" } } }
      : { json: { server: { id: "s1" } } };
  const session = signIn(stub);
  expect(await getServer(session)).toEqual({ id: "s1" });
  stub.on["GET /compute/v2.1/servers/s1"] = { status: 401, json: { error: { message: "never" } } };
  await expect(getServer(session)).rejects.toMatchObject({ status: 401, retryable: false });
  expect(stub.log.filter((line) => line.startsWith("POST"))).toHaveLength(3);
});

test("a read whose connection was closed is asked again, a creation is not", async () => {
  const stub = await site();
  const session = signIn(stub);
  const nova = await session.service("compute");
  let tries = 0;
  stub.on["GET /compute/v2.1/servers/s1"] = () => {
    tries += 1;
    return tries < 3 ? "hang up" : { json: { server: { id: "s1" } } };
  };
  expect(await getServer(session)).toEqual({ id: "s1" });
  expect(tries).toBe(3);
  stub.on["POST /compute/v2.1/servers"] = "hang up";
  await expect(nova.post("/servers", { body: {} })).rejects.toMatchObject({ kind: "reset", retryable: true });
  expect(stub.log.filter((line) => line === "POST /compute/v2.1/servers")).toHaveLength(1);
});

test("a deletion whose answer was lost and that finds nothing the second time had worked", async () => {
  const stub = await site();
  const nova = await signIn(stub).service("compute");
  let tries = 0;
  stub.on["DELETE /compute/v2.1/servers/s1"] = () => {
    tries += 1;
    return tries === 1 ? "hang up" : { status: 404, json: { itemNotFound: { message: "gone" } } };
  };
  expect(await nova.delete("/servers/s1")).toBeUndefined();
  await expect(nova.delete("/servers/s1")).rejects.toMatchObject({ status: 404 });
});

test("a limiter's wish is honoured, and one that goes beyond the deadline is told at once", async () => {
  const stub = await site();
  const nova = await signIn(stub, { timeout_ms: 5_000 }).service("compute");
  let tries = 0;
  stub.on["POST /compute/v2.1/servers"] = () => {
    tries += 1;
    return tries === 1
      ? { status: 429, headers: { "retry-after": "0" }, json: { overLimit: { message: "slowly" } } }
      : { status: 202, json: { server: { id: "s2" } } };
  };
  expect(await nova.post("/servers", { body: {}, unwrap: "server" })).toEqual({ id: "s2" });
  stub.on["GET /compute/v2.1/limits"] = {
    status: 503,
    headers: { "retry-after": "60" },
    json: { message: "later" },
  };
  await expect(nova.get("/limits")).rejects.toMatchObject({
    status: 503,
    retryable: true,
    retry_after_ms: 60_000,
  });
});

test("a site that does not answer is given up at the deadline", async () => {
  const stub = await site();
  const session = signIn(stub);
  const nova = await session.service("compute");
  stub.on["GET /compute/v2.1/limits"] = "hang";
  const asking = nova.get("/limits", { timeout_ms: 100 });
  await expect(asking).rejects.toMatchObject({ kind: "timeout", retryable: true });
  await expect(asking).rejects.toThrow("did not answer within 0.1 s");
});

test("the caller's own signal ends a call with the caller's reason", async () => {
  const stub = await site();
  const nova = await signIn(stub).service("compute");
  const cancel = new AbortController();
  stub.on["GET /compute/v2.1/limits"] = () => {
    cancel.abort(new Error("the user went away"));
    return "hang";
  };
  await expect(nova.get("/limits", { signal: cancel.signal })).rejects.toThrow("the user went away");
});

function releaseAll(held: (() => void)[]): void {
  for (const release of held.splice(0)) release();
}

test("no more calls are under way than allowed", async () => {
  const stub = await site();
  const nova = await signIn(stub, { max_in_flight: 2 }).service("compute");
  let most = 0;
  const held: (() => void)[] = [];
  // Each answer waits for a second call, so that two are under way at once for certain.
  stub.on["GET /compute/v2.1/limits"] = async () => {
    await new Promise<void>((resolve) => {
      held.push(resolve);
      most = Math.max(most, held.length);
      if (held.length === 2) setImmediate(() => releaseAll(held));
    });
    return { json: { limits: {} } };
  };
  await Promise.all(Array.from({ length: 10 }, () => nova.get("/limits")));
  expect(most).toBe(2);
});

test("microversions are asked for in every way that Nova reads, and errors keep the site's request id", async () => {
  const stub = await site();
  const nova = await signIn(stub).service("compute");
  const asking = nova.post("/servers/s1/action", { body: { lock: null }, microversion: "2.73" });
  await expect(asking).rejects.toMatchObject({
    status: 404,
    request_id: "req-stub",
    microversion: "2.73",
    service: "compute",
    method: "POST",
    path: "/compute/v2.1/servers/s1/action",
  });
  const { headers } = stub.requests.at(-1) ?? {};
  expect(headers?.["openstack-api-version"]).toBe("compute 2.73");
  expect(headers?.["x-openstack-nova-api-version"]).toBe("2.73");
});

test("each try is told, without secrets", async () => {
  const stub = await site();
  const records: RequestRecord[] = [];
  const session = signIn(stub, { on_request: (record) => records.push(record) });
  await getServer(session);
  expect(records.map(({ service, method, status }) => [service, method, status])).toEqual([
    ["identity", "POST", 201],
    ["compute", "GET", 200],
    ["compute", "GET", 200],
  ]);
  expect(JSON.stringify(records)).not.toMatch(/secret|token-1/);
});

test("of an action and of a refusal it is told which one it was, and what the site said", async () => {
  const stub = await site();
  const records: RequestRecord[] = [];
  const session = signIn(stub, { on_request: (record) => records.push(record) });
  stub.on["POST /compute/v2.1/servers/s1/action"] = {
    status: 403,
    json: { forbidden: { code: 403, message: "Policy doesn't allow it to be performed." } },
  };
  const nova = await session.service("compute");
  await expect(nova.post("/servers/s1/action", { body: { createImage: { name: "n" } } })).rejects.toThrow();
  const reason = "Policy doesn't allow it to be performed.";
  expect(records.at(-1)).toMatchObject({ status: 403, action: "createImage", reason });
});

test("a redirect to another path is followed, one to another host is not", async () => {
  const stub = await site();
  const elsewhere = await stubSite({
    "GET /compute/v2.1/servers/s1": { json: { server: { id: "stolen" } } },
  });
  open.push(elsewhere);
  const session = signIn(stub);
  stub.on["GET /compute/v2.1/servers/s1"] = {
    status: 301,
    headers: { location: "/compute/v2.1/servers/s2" },
  };
  stub.on["GET /compute/v2.1/servers/s2"] = { json: { server: { id: "s2" } } };
  expect(await getServer(session)).toEqual({ id: "s2" });
  const location = `${elsewhere.url}/compute/v2.1/servers/s1`;
  stub.on["GET /compute/v2.1/servers/s1"] = { status: 302, headers: { location } };
  await expect(getServer(session)).rejects.toMatchObject({ kind: "redirected", retryable: false });
  expect(elsewhere.log).toEqual([]);
});

test("a page instead of JSON is not OpenStack", async () => {
  const stub = await site();
  stub.on["GET /compute/v2.1/servers/s1"] = { text: "<html><title>Welcome to nginx!</title></html>" };
  const asking = getServer(signIn(stub));
  await expect(asking).rejects.toMatchObject({ kind: "not_openstack" });
  await expect(asking).rejects.toThrow("Welcome to nginx!");
});

test("an answer without the field that belongs there is not OpenStack", async () => {
  const stub = await site();
  stub.on["GET /compute/v2.1/servers/s1"] = { json: { hello: "world" } };
  await expect(getServer(signIn(stub))).rejects.toThrow("without 'server'");
});

test("a site that was upgraded shows its new microversions after it refused an old one", async () => {
  const stub = await site();
  const session = signIn(stub);
  const nova = await session.service("compute");
  expect(nova.versions.max).toBe("2.93");
  stub.on["GET /compute/v2.1/"] = { json: { version: { id: "v2.1", version: "2.60", min_version: "2.1" } } };
  stub.on["GET /compute/v2.1/servers/s1"] = { status: 406, json: { computeFault: { message: "too new" } } };
  await expect(nova.get("/servers/s1", { microversion: "2.90" })).rejects.toMatchObject({ status: 406 });
  expect((await session.service("compute")).versions.max).toBe("2.60");
});

test("a metadata address in the catalog is not connected to", async () => {
  const stub = await site();
  const catalog = [catalogEntry("compute", "http://169.254.169.254/latest")];
  stub.on["POST /v3/auth/tokens"] = tokenReply({ catalog });
  await expect(signIn(stub).service("compute")).rejects.toMatchObject({ kind: "address_refused" });
});

test("which addresses are allowed can be chosen, for names too", async () => {
  const stub = await site();
  const named = `${stub.url.replace("127.0.0.1", "localhost")}/v3`;
  const session = signIn(stub, { allow_address: () => false }, { auth_url: named });
  await expect(session.token()).rejects.toBeInstanceOf(SiteUnreachable);
  await expect(session.token()).rejects.toMatchObject({ kind: "address_refused" });
  expect(stub.log).toEqual([]);
});
