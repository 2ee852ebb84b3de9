import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { flavorList, imageList, serverBody, uuidOf } from "./server-body.ts";

/** What a real site's load balancer and network cost a request. */
const LATENCY_MS = 20;
/** What Nova gives at most by default. */
const MAX_PAGE = 1000;
const HEAD = Buffer.from('{"servers":[');
/** When servers last changed before the bench changed any. */
const LONG_AGO = "2026-10-01T10:00:00Z";

export interface StubSite {
  readonly auth_url: string;
  /** Changes that many servers, evenly spread. */
  change(count: number): void;
  /** Takes requests and does not answer them, until it is woken: then it answers those, too. */
  sleep(): void;
  wake(): void;
}

/**
 * One site that speaks as much of Keystone, Nova and the services beside it as a client needs to list servers: ours
 * and openstacksdk alike. Pages are serialised beforehand, for a stub must not compete for the processor with those
 * it is there to measure.
 */
export async function startStubSite(site: number, servers: number): Promise<StubSite> {
  const http = createServer({ keepAliveTimeout: 60_000 });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", 512, resolve));
  const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const updated = new Map<number, { revision: number; at: string }>();
  let revision = 0;
  let asleep: PromiseWithResolvers<void> | undefined;

  const rowOf = (at: number): Buffer => {
    const changed = updated.get(at);
    const body = serverBody(site, at, changed?.revision ?? 0, changed?.at ?? LONG_AGO);
    return Buffer.from(`${JSON.stringify(body)},`);
  };
  const places = new Map(Array.from({ length: servers }, (_, at) => [uuidOf(site, "server", at), at]));
  let rows = joinRows(Array.from({ length: servers }, (_, at) => rowOf(at)));
  const pageOf = (page: Rows, from: number, end: number, more: string): Buffer[] => [
    HEAD,
    page.bytes.subarray(page.ends[from - 1] ?? 0, Math.max(0, (page.ends[end - 1] ?? 0) - 1)),
    Buffer.from(`]${more}}`),
  ];

  const listServers = ({ searchParams }: URL): Buffer[] => {
    const since = searchParams.get("changes-since");
    if (since !== null) {
      const changed = [...updated].filter(([, { at }]) => Date.parse(at) >= Date.parse(since));
      return pageOf(joinRows(changed.map(([at]) => rowOf(at))), 0, changed.length, "");
    }
    const limit = Math.min(Number(searchParams.get("limit") ?? MAX_PAGE), MAX_PAGE);
    const from = (places.get(searchParams.get("marker") ?? "") ?? -1) + 1;
    const end = Math.min(from + limit, servers);
    const marker = uuidOf(site, "server", end - 1);
    const href = `${base}/compute/v2.1/servers/detail?limit=${limit}&marker=${marker}`;
    const more = end < servers ? `,"servers_links":[{"rel":"next","href":"${href}"}]` : "";
    return pageOf(rows, from, end, more);
  };

  const answer = (method: string, url: URL): { status: number; body: Buffer[] | object } => {
    const path = url.pathname.replace(/\/$/, "");
    if (path === "/identity/v3/auth/tokens" && method === "POST")
      return { status: 201, body: token(base, site) };
    const version = VERSIONS[path];
    if (version) return { status: version.status, body: version.body(base) };
    const list = path.replace(/^\/(compute\/v2\.1|volume\/v3|image\/v2|network\/v2\.0)\//, "");
    if (list === "servers/detail") return { status: 200, body: listServers(url) };
    if (list === "flavors/detail") return { status: 200, body: { flavors: flavorList(site) } };
    if (list === "images") return { status: 200, body: { images: imageList(site) } };
    const key = EMPTY_LISTS[list];
    if (key) return { status: 200, body: { [key]: [] } };
    return { status: 404, body: { itemNotFound: { code: 404, message: "The stub has nothing there." } } };
  };

  http.on("request", async (request, response) => {
    await delay(LATENCY_MS);
    await asleep?.promise;
    const { status, body } = answer(request.method ?? "GET", new URL(request.url ?? "/", base));
    send(response, status, Array.isArray(body) ? body : [Buffer.from(JSON.stringify(body))]);
  });

  return {
    auth_url: `${base}/identity/v3`,
    change(count) {
      revision += 1;
      const at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
      const step = Math.max(1, Math.floor(servers / count));
      for (let one = 0; one < count; one += 1) {
        const place = (one * step + revision) % servers;
        updated.set(place, { revision, at });
      }
      const { bytes, ends } = rows;
      rows = joinRows(
        ends.map((end, at) => (updated.has(at) ? rowOf(at) : bytes.subarray(ends[at - 1] ?? 0, end))),
      );
    },
    sleep() {
      asleep ??= Promise.withResolvers();
    },
    wake() {
      asleep?.resolve();
      asleep = undefined;
    },
  };
}

/** Bodies one after the other, each with a comma after it, and where each ends. */
interface Rows {
  readonly bytes: Buffer;
  readonly ends: readonly number[];
}

function joinRows(rows: readonly Buffer[]): Rows {
  let at = 0;
  return { bytes: Buffer.concat(rows), ends: rows.map(({ length }) => (at += length)) };
}

function send(response: ServerResponse, status: number, body: readonly Buffer[]): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": body.reduce((sum, part) => sum + part.length, 0),
    "x-subject-token": "stub",
    "x-openstack-request-id": "req-00000000-0000-4000-8000-000000000000",
  });
  response.cork();
  for (const part of body) response.write(part);
  response.end();
}

const EMPTY_LISTS: Readonly<Record<string, string>> = {
  "volumes/detail": "volumes",
  "os-keypairs": "keypairs",
  networks: "networks",
  subnets: "subnets",
  ports: "ports",
  "security-groups": "security_groups",
};

const PATHS = {
  identity: "/identity/v3",
  compute: "/compute/v2.1",
  volumev3: "/volume/v3",
  image: "/image",
  network: "/network",
};

type Version = { readonly status: number; readonly body: (base: string) => object };

function versionDocument(path: string, fields: object): Version {
  return {
    status: 200,
    body: (base) => ({
      version: { status: "CURRENT", ...fields, links: [{ rel: "self", href: `${base}${path}/` }] },
    }),
  };
}

function versionList(status: number, path: string, fields: object): Version {
  return {
    status,
    body: (base) => ({
      versions: [{ status: "CURRENT", ...fields, links: [{ rel: "self", href: `${base}${path}/` }] }],
    }),
  };
}

const VERSIONS: Readonly<Record<string, Version>> = {
  "/identity/v3": versionDocument("/identity/v3", { id: "v3.14", status: "stable", "media-types": [] }),
  "/compute/v2.1": versionDocument("/compute/v2.1", { id: "v2.1", version: "2.96", min_version: "2.1" }),
  "/volume/v3": versionList(200, "/volume/v3", { id: "v3.0", version: "3.71", min_version: "3.0" }),
  "/image": versionList(300, "/image/v2", { id: "v2.17" }),
  "/network": versionList(200, "/network/v2.0", { id: "v2.0" }),
};

function token(base: string, site: number): object {
  const domain = { id: "default", name: "Default" };
  return {
    token: {
      methods: ["password"],
      issued_at: new Date().toISOString(),
      expires_at: "2999-01-01T00:00:00.000000Z",
      user: { id: "u1", name: "bench", domain, password_expires_at: null },
      project: { id: uuidOf(site, "project").replaceAll("-", ""), name: "bench", domain },
      is_domain: false,
      audit_ids: ["stub"],
      roles: [{ id: "r1", name: "member" }],
      catalog: Object.entries(PATHS).map(([type, path]) => ({
        id: type,
        type,
        name: type,
        endpoints: [
          { id: `${type}-public`, interface: "public", region: "r", region_id: "r", url: base + path },
        ],
      })),
    },
  };
}
