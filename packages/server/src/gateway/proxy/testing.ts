import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CloudEntryInput, endpoints, pickCloud, readCloudsYaml } from "@uniview/api";
import { type Sandbox, type SandboxOptions, startSandbox } from "@uniview/sandbox";
import { startTestServer, type TestServer, type TestUser } from "../../testing.ts";

const PASSWORD = "correct horse battery";

/** A server with two sites of one user, and that user's token of their project `demo`. */
export interface TestGateway {
  readonly server: TestServer;
  readonly ada: TestUser;
  readonly zed: Sandbox;
  readonly epoxy: Sandbox;
  readonly token: string;
  /** Id of the project at Uniview. */
  readonly project_id: string;
  /** Signs in at the gateway's Keystone. @returns the token */
  signIn(user: string, project?: string): Promise<string>;
  /** Asks at `/openstack/<path>` with ada's token, unless the headers say otherwise. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

export async function startTestGateway(options: Partial<SandboxOptions> = {}): Promise<TestGateway> {
  const dir = await mkdtemp(join(tmpdir(), "uniview-gateway-"));
  const open = (name: string, release: SandboxOptions["release"]) =>
    startSandbox({ name, release, dir: join(dir, name), seed: "demo", transition_ms: 1, ...options });
  const [server, zed, epoxy] = await Promise.all([
    startTestServer(),
    open("zed", "zed"),
    open("epoxy", "2025.1"),
  ]);
  const ada = await server.user("ada");
  for (const site of [zed, epoxy]) {
    await ada.client.call(endpoints.addSite, { body: { name: site.name, cloud: cloudOf(site) } });
  }
  const signIn = async (name: string, project = "demo") => {
    const { token } = await authenticate(server.url, name, project);
    return token;
  };
  const { token, project_id } = await authenticate(server.url, "ada", "demo");
  return {
    server,
    ada,
    zed,
    epoxy,
    token,
    project_id,
    signIn,
    ask: (path, init = {}) =>
      fetch(`${server.url}/openstack/${path}`, {
        redirect: "manual",
        ...init,
        headers: { "x-auth-token": token, ...(init.headers as Record<string, string> | undefined) },
      }),
    async close() {
      await server.close();
      await Promise.all([zed.close(), epoxy.close()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export function cloudOf(sandbox: Sandbox): CloudEntryInput {
  return pickCloud(readCloudsYaml(sandbox.clouds_yaml), sandbox.name).cloud;
}

async function authenticate(
  url: string,
  name: string,
  project: string,
): Promise<{ token: string; project_id: string }> {
  const domain = { id: "default" };
  const answer = await fetch(`${url}/identity/v3/auth/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      auth: {
        identity: { methods: ["password"], password: { user: { name, domain, password: PASSWORD } } },
        scope: { project: { name: project, domain } },
      },
    }),
  });
  const text = await answer.text();
  const token = answer.headers.get("x-subject-token");
  if (!token) throw new Error(`the gateway's Keystone answered ${answer.status}: ${text}`);
  return { token, project_id: (JSON.parse(text) as { token: { project: { id: string } } }).token.project.id };
}
