import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createSession, type Session } from "@uniview/openstack";

/** Lists of a site by path (`/servers/detail`); `id` of each body is what a single GET finds. */
export type Lists = Record<string, Record<string, unknown>[]>;

export interface TestSite {
  readonly session: Session;
  /** May be changed at any time. */
  readonly lists: Lists;
  /** Instead of an answer: an error status, or never anything. Matches the path and query. */
  trouble: { path: RegExp; does: number | "hang" } | undefined;
  /** Path and query of every request so far. */
  readonly asked: string[];
  close(): Promise<void>;
}

const PROJECT_ID = "p1";
const PAGE = 1000;
const SINGLE: Readonly<Record<string, string>> = { servers: "server", volumes: "volume" };

/**
 * A site that answers lists and nothing else, for what no honest OpenStack does: to lie, to hang, to list a hundred
 * thousand. Everything about real behaviour is tested against @uniview/sandbox.
 */
export async function startTestSite(lists: Lists = {}): Promise<TestSite> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const session = createSession({
    auth_url: `${url}/identity/v3`,
    auth: { type: "password", username: "u", password: "p", project_name: "p", user_domain_name: "Default" },
  });
  const site: TestSite = {
    session,
    lists,
    trouble: undefined,
    asked: [],
    async close() {
      await session.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const target = request.url ?? "/";
    site.asked.push(target);
    const { trouble } = site;
    if (trouble?.path.test(target)) {
      if (trouble.does === "hang") return;
      reply(response, trouble.does, { error: { message: "as asked for" } });
      return;
    }
    answer(new URL(target, url), request, response, site.lists, url);
  });
  return site;
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "x-subject-token": "t" });
  response.end(JSON.stringify(body));
}

const SERVICES = {
  identity: "/identity/v3",
  compute: "/compute/v2.1",
  volumev3: "/volume/v3",
  image: "/image",
  network: "/network",
};
const link = (path: string) => ({ links: [{ rel: "self", href: `http://elsewhere.invalid${path}/` }] });
const VERSIONS: Readonly<Record<string, { status: number; [field: string]: unknown }>> = {
  "/identity/v3": { status: 200, version: { id: "v3.14", status: "stable", ...link("/identity/v3") } },
  "/compute/v2.1": {
    status: 200,
    version: { id: "v2.1", status: "CURRENT", version: "2.93", min_version: "2.1", ...link("/compute/v2.1") },
  },
  "/volume/v3": {
    status: 200,
    versions: [{ id: "v3.0", status: "CURRENT", version: "3.70", min_version: "3.0", ...link("/volume/v3") }],
  },
  "/image": { status: 300, versions: [{ id: "v2.15", status: "CURRENT", ...link("/image/v2") }] },
  "/network": { status: 200, versions: [{ id: "v2.0", status: "CURRENT", ...link("/network/v2.0") }] },
};

function answer(
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  lists: Lists,
  base: string,
): void {
  const path = url.pathname.replace(/\/$/, "");
  if (path === "/identity/v3/auth/tokens" && request.method === "POST") {
    reply(response, 201, token(base));
  } else if (VERSIONS[path]) {
    const { status, ...version } = VERSIONS[path];
    reply(response, status, version);
  } else {
    const below = path.replace(/^\/(compute\/v2\.1|volume\/v3|image\/v2|network\/v2\.0)/, "");
    const [, collection = "", id = ""] = below.split("/");
    const list = lists[below] ?? lists[`/${collection}/detail`] ?? [];
    const one = SINGLE[collection] && id !== "detail" ? list.find((row) => row["id"] === id) : undefined;
    if (id === "" || id === "detail") reply(response, 200, pageOf(url, collection, list));
    else if (one) reply(response, 200, { [SINGLE[collection] ?? ""]: one });
    else reply(response, 404, { itemNotFound: { code: 404, message: "Not found." } });
  }
}

function pageOf({ pathname, searchParams }: URL, collection: string, list: Lists[string]): object {
  const since = searchParams.get("changes-since");
  const rows = list.filter((row) =>
    since === null ? row["status"] !== "DELETED" : String(row["updated"]) >= since,
  );
  const at = rows.findIndex(({ id }) => id === searchParams.get("marker")) + 1;
  const page = rows.slice(at, at + PAGE);
  const key = collection.replaceAll("-", "_").replace("os_", "");
  if (at + PAGE >= rows.length) return { [key]: page };
  const next = new URLSearchParams(searchParams);
  next.set("marker", String(page.at(-1)?.["id"]));
  return {
    [key]: page,
    [`${key}_links`]: [{ rel: "next", href: `http://elsewhere.invalid${pathname}?${next}` }],
  };
}

function token(base: string): object {
  const domain = { id: "default", name: "Default" };
  const catalog = Object.entries(SERVICES).map(([type, path]) => ({
    type,
    name: type,
    endpoints: [{ interface: "public", region: "r", region_id: "r", url: base + path }],
  }));
  return {
    token: {
      expires_at: "2999-01-01T00:00:00.000000Z",
      user: { id: "u1", name: "u", domain },
      project: { id: PROJECT_ID, name: "p", domain },
      roles: [{ id: "r1", name: "member" }],
      methods: ["password"],
      catalog,
    },
  };
}
