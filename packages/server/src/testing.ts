import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { API_PREFIX, type Client, createClient, endpoints } from "@uniview/api";
import { configure } from "./config.ts";
import { type Database, openDatabase } from "./db/database.ts";
import { testDatabaseUrl } from "./db/testing.ts";
import type { AnsweredRoute } from "./http/app.ts";
import { createServer } from "./server.ts";

/** Of every test user. */
export const TEST_PASSWORD = "correct horse battery";

export interface TestUser {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly client: Client;
}

export interface TestServer {
  readonly url: string;
  /** Everything that it answers. */
  readonly routes: readonly AnsweredRoute[];
  /** A second connection to the server's database, for looking and for planting rows. */
  readonly database: Database;
  readonly administrator: TestUser;
  /** Makes a user (role `user`) with an API token. */
  user(name: string): Promise<TestUser>;
  /** A bare request below `/api/v1`, for what the typed client would not send. */
  ask(
    method: string,
    path: string,
    init?: { token?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Response>;
  close(): Promise<void>;
}

/** The whole server on a database of its own. One a test file: the job engine is a singleton of its process. */
export async function startTestServer(): Promise<TestServer> {
  const data_dir = await mkdtemp(join(tmpdir(), "uniview-server-"));
  const database_url = await testDatabaseUrl();
  const server = await createServer(
    configure({ port: 0, data_dir, database_url, log_level: "silent", check_answers: true }),
  );
  const database = await openDatabase({ url: database_url });
  const ask: TestServer["ask"] = (method, path, { token, body, headers } = {}) =>
    fetch(server.url + API_PREFIX + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  const withToken = async (name: string, cookie: string): Promise<TestUser> => {
    const made = await ask("POST", "/tokens", {
      body: { name: "test" },
      headers: { cookie, origin: server.url, "sec-fetch-site": "same-origin" },
    });
    const { token } = endpoints.createToken.response?.parse(await made.json()) ?? { token: "" };
    const client = createClient({ base_url: server.url, token });
    const { user } = await client.call(endpoints.getSession);
    return { id: user.id, name, token, client };
  };
  const setup = await ask("POST", "/setup", {
    body: {
      token: new URL(server.setup_link ?? "").searchParams.get("token"),
      name: "root",
      password: TEST_PASSWORD,
    },
  });
  const administrator = await withToken("root", cookieOf(setup));

  return {
    url: server.url,
    routes: server.routes,
    database,
    administrator,
    ask,
    async user(name) {
      await administrator.client.call(endpoints.createUser, { body: { name, password: TEST_PASSWORD } });
      return withToken(
        name,
        cookieOf(await ask("POST", "/session", { body: { name, password: TEST_PASSWORD } })),
      );
    },
    async close() {
      await server.close();
      await database.close();
      await rm(data_dir, { recursive: true, force: true });
    },
  };
}

/** The session cookie that an answer sets, as a browser would send it back. */
export function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
}
