import { endpoints, pickCloud, readCloudsYaml } from "@uniview/api";
import type { Sandbox } from "@uniview/sandbox";
import { TEST_PASSWORD, type TestServer, type TestUser } from "../testing.ts";

export const DEFAULT = { id: "default" };

/** Joins a simulated site as this user; its project becomes (part of) the project of the same name. */
export async function join(user: TestUser, sandbox: Sandbox, name: string): Promise<void> {
  const { cloud } = pickCloud(readCloudsYaml(sandbox.clouds_yaml), sandbox.name);
  await user.client.call(endpoints.addSite, { body: { name, cloud } });
}

export const byPassword = (name: string, password = TEST_PASSWORD) => ({
  methods: ["password"],
  password: { user: { name, domain: DEFAULT, password } },
});
export const inProject = (name: string) => ({ project: { name, domain: DEFAULT } });

/** A bare request below `/identity`. */
export function askIdentity(
  server: TestServer,
  method: string,
  path: string,
  { token, body, headers }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(`${server.url}/identity${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { "x-auth-token": token }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export const authenticate = (server: TestServer, identity: object, scope?: object | "unscoped", path = "") =>
  askIdentity(server, "POST", `/v3/auth/tokens${path}`, {
    body: { auth: { identity, ...(scope === undefined ? {} : { scope }) } },
  });

/** The token of a user in one project, by password. */
export async function tokenOf(server: TestServer, user_name: string, project: string): Promise<string> {
  const answer = await authenticate(server, byPassword(user_name), inProject(project));
  const token = answer.headers.get("x-subject-token");
  if (answer.status !== 201 || token === null) throw new Error(`No token: ${await answer.text()}`);
  return token;
}
