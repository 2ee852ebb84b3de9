import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Sandbox, SandboxOptions } from "../options.ts";
import { startSandbox } from "../sandbox.ts";

/** How often a state is looked at while a test waits for it. */
const POLL_MS = 25;
const PATIENCE_MS = 30_000;

export type Body = Record<string, unknown>;

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed when it is JSON, text otherwise. */
  body: Body;
  text: string;
}

export interface Ask {
  json?: unknown;
  body?: Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  /** `compute 2.93` */
  version?: string;
}

/** A site with quick transitions in a folder of its own, gone with `close`. */
export async function openSite(options: Partial<SandboxOptions> = {}): Promise<Sandbox & AsyncDisposable> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), "sandbox-")));
  const sandbox = await startSandbox({
    name: "here",
    release: "zed",
    seed: "empty",
    transition_ms: 5,
    guest_interval_ms: 10,
    ...options,
    dir,
  });
  return Object.assign(sandbox, {
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      if (options.dir === undefined) await rm(dir, { recursive: true });
    },
  });
}

/** Speaks to one site as one user, with the endpoints of the catalog. */
export class SiteClient {
  readonly token: string;
  readonly user_id: string;
  readonly project_id: string;
  #endpoints: Record<string, string>;

  private constructor(token: string, body: TokenBody, auth_url: string) {
    this.token = token;
    this.user_id = body.token.user.id;
    this.project_id = body.token.project?.id ?? "";
    const rows = (body.token.catalog ?? []).map((row) => [row.type, row.endpoints[0]?.url ?? ""]);
    this.#endpoints = { ...Object.fromEntries(rows), identity: auth_url };
  }

  static async signIn(sandbox: Sandbox, name = "demo", password = "password"): Promise<SiteClient> {
    const user = { name, password, domain: { name: "Default" } };
    const scope = { project: { name, domain: { name: "Default" } } };
    return await SiteClient.withAuth(sandbox, {
      identity: { methods: ["password"], password: { user } },
      scope,
    });
  }

  static admin(sandbox: Sandbox): Promise<SiteClient> {
    return SiteClient.signIn(sandbox, "admin", "secret");
  }

  static async withAuth(sandbox: Sandbox, auth: unknown): Promise<SiteClient> {
    const response = await fetch(`${sandbox.auth_url}/auth/tokens`, {
      method: "POST",
      body: JSON.stringify({ auth }),
    });
    if (response.status !== 201) throw new Error(`sign-in: ${response.status} ${await response.text()}`);
    const token = response.headers.get("x-subject-token") ?? "";
    return new SiteClient(token, (await response.json()) as TokenBody, sandbox.auth_url);
  }

  endpoint(service: string): string {
    const types = service === "volume" ? ["volumev3", "block-storage"] : [service];
    const url = types.map((type) => this.#endpoints[type]).find((found) => found !== undefined);
    if (url === undefined) throw new Error(`the catalog has no ${service}`);
    if (service === "image") return `${url}/v2`;
    return service === "network" && !url.endsWith("/v2.0") ? `${url}/v2.0` : url;
  }

  async ask(method: string, service: string, path: string, ask: Ask = {}): Promise<Answer> {
    const body = ask.body ?? (ask.json === undefined ? null : JSON.stringify(ask.json));
    const response = await fetch(this.endpoint(service) + path, {
      method,
      body,
      headers: {
        "x-auth-token": this.token,
        accept: "application/json",
        ...(ask.json === undefined ? {} : { "content-type": "application/json" }),
        ...(ask.version === undefined ? {} : { "openstack-api-version": ask.version }),
        ...ask.headers,
      },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  }

  /** The object below `key` of a GET that must work. */
  async get(service: string, path: string, key: string, version?: string): Promise<Body> {
    const answer = await this.ask("GET", service, path, version === undefined ? {} : { version });
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.text}`);
    return answer.body[key] as Body;
  }

  async list(service: string, path: string, key: string, version?: string): Promise<Body[]> {
    return (await this.get(service, path, key, version)) as unknown as Body[];
  }

  /** Creates and hands back what is below `key`. */
  async create(service: string, path: string, key: string, json: unknown, version?: string): Promise<Body> {
    const ask = version === undefined ? { json } : { json, version };
    const answer = await this.ask("POST", service, path, ask);
    if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
    return answer.body[key] as Body;
  }

  /** Looks again until the object satisfies. */
  async until(service: string, path: string, key: string, done: (body: Body) => boolean): Promise<Body> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const body = await this.get(service, path, key);
      if (done(body)) return body;
      if (Date.now() > end) throw new Error(`${path} never got there: ${JSON.stringify(body)}`);
      await delay(POLL_MS);
    }
  }

  async untilGone(service: string, path: string): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while ((await this.ask("GET", service, path)).status !== 404) {
      if (Date.now() > end) throw new Error(`${path} never went away`);
      await delay(POLL_MS);
    }
  }

  untilServer(id: string, status: string): Promise<Body> {
    return this.until(
      "compute",
      `/servers/${id}`,
      "server",
      (server) => server["status"] === status && server["OS-EXT-STS:task_state"] === null,
    );
  }

  untilVolume(id: string, status: string): Promise<Body> {
    return this.until("volume", `/volumes/${id}`, "volume", (volume) => volume["status"] === status);
  }
}

interface TokenBody {
  token: {
    user: { id: string };
    project?: { id: string };
    catalog?: Array<{ type: string; endpoints: Array<{ url: string }> }>;
  };
}

/** The guest's word once `done` is content with it. */
export async function untilGuest(
  sandbox: Sandbox,
  server_id: string,
  done: (guest: {
    counter: number;
    boots: number;
    uuid: string;
    status: string;
    disks: Array<{ line: string }>;
  }) => boolean,
) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const guest = (await sandbox.guests()).find((one) => one.server_id === server_id);
    if (guest !== undefined && done(guest)) return guest;
    if (Date.now() > end) throw new Error(`the guest never got there: ${JSON.stringify(guest)}`);
    await delay(POLL_MS);
  }
}

function parse(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}
