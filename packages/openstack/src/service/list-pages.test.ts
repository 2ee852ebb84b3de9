import { expect, test } from "vitest";
import { onSite } from "../../test/on-site.ts";
import { listVolumes } from "../block-storage/volumes.ts";
import { listKeypairs } from "../compute/keypairs.ts";
import { listServers, listServersAsSent } from "../compute/servers.ts";
import { listProjects } from "../identity/projects.ts";
import { listImages } from "../image/images.ts";
import { listPorts } from "../network/ports.ts";
import { collect, isLastPage } from "./list-pages.ts";
import type { ServiceClient } from "./service-client.ts";

const idsOf = async (pages: AsyncIterable<{ id: string }[]>) => (await collect(pages)).map((row) => row.id);

/** Two pages, linked as each service links them, from a proxy that names a wrong host. */
const LINKED: [string, string, (client: ServiceClient) => AsyncIterable<{ id: string }[]>, string, object][] =
  [
    [
      "compute",
      "/servers/detail",
      listServers,
      "servers",
      { servers_links: [{ rel: "next", href: "http://x/?marker=b" }] },
    ],
    [
      "block-storage",
      "/volumes/detail",
      listVolumes,
      "volumes",
      { volumes_links: [{ rel: "next", href: "http://x/?marker=b" }] },
    ],
    ["image", "/images", listImages, "images", { next: "/v2/images?marker=b" }],
    [
      "network",
      "/ports",
      listPorts,
      "ports",
      { ports_links: [{ rel: "next", href: "http://x/v2.0/ports?marker=b" }] },
    ],
    [
      "identity",
      "/projects",
      listProjects,
      "projects",
      { links: { self: "x", next: "http://x/v3/projects?marker=b" } },
    ],
  ];

test.each(LINKED)("%s lists are read to the last page", async (type, path, list, key, links) => {
  await onSite({ type: type as ServiceClient["type"] }, async ({ client, answer, site }) => {
    answer(`GET ${path}`, ({ query }) => ({
      json:
        query.get("marker") === "b"
          ? { [key]: [{ id: "c" }] }
          : { [key]: [{ id: "a" }, { id: "b" }], ...links },
    }));
    expect(await idsOf(list(client))).toEqual(["a", "b", "c"]);
    expect(site.requests.filter((request) => request.path.endsWith(path))).toHaveLength(2);
  });
});

test("a filter and the page size are kept on every page", async () => {
  await onSite({ type: "compute", max: "2.93" }, async ({ client, answer, site }) => {
    answer("GET /servers/detail", ({ query }) => ({
      json: query.has("marker")
        ? { servers: [] }
        : { servers: [{ id: "a" }], servers_links: [{ rel: "next", href: "http://x/?marker=a" }] },
    }));
    await idsOf(listServers(client, { page_size: 1, query: { status: "ACTIVE" } }));
    const queries = site.requests.slice(-2).map((request) => request.query.toString());
    expect(queries).toEqual(["status=ACTIVE&limit=1", "status=ACTIVE&limit=1&marker=a"]);
  });
});

test("a site whose pages go round in a circle is read once", async () => {
  await onSite({ type: "image" }, async ({ client, answer, site }) => {
    answer("GET /images", { json: { images: [{ id: "a" }], next: "/v2/images?marker=a" } });
    expect(await idsOf(listImages(client))).toEqual(["a", "a"]);
    expect(site.log.filter((line) => line.endsWith("/images"))).toHaveLength(2);
  });
});

test("a list that is none is not OpenStack", async () => {
  await onSite({ type: "image" }, async ({ client, answer }) => {
    answer("GET /images", { json: { images: "all of them" } });
    await expect(idsOf(listImages(client))).rejects.toMatchObject({ kind: "not_openstack" });
  });
});

test("changes-since is asked for as Nova spells it", async () => {
  await onSite({ type: "compute", max: "2.60" }, async ({ client, answer, site }) => {
    answer("GET /servers/detail", { json: { servers: [{ id: "a", status: "DELETED" }] } });
    await idsOf(listServers(client, { changes_since: "2026-01-01T00:00:00Z" }));
    const { query, headers } = site.requests.at(-1) ?? {};
    expect(query?.toString()).toBe("changes-since=2026-01-01T00%3A00%3A00Z");
    expect(headers?.["openstack-api-version"]).toBe("compute 2.47");
  });
});

test("keypairs are paged from 2.35 on and come at once before", async () => {
  const keypairs = [{ keypair: { name: "k", fingerprint: "f", public_key: "p" } }];
  for (const [max, query, asked] of [
    ["2.93", "limit=5", "compute 2.35"],
    ["2.34", "", "compute 2.2"],
  ] as const) {
    await onSite({ type: "compute", max }, async ({ client, answer, site }) => {
      answer("GET /os-keypairs", { json: { keypairs } });
      expect(await collect(listKeypairs(client, { page_size: 5 }))).toEqual([keypairs[0]?.keypair]);
      expect(site.requests.at(-1)?.query.toString()).toBe(query);
      expect(site.requests.at(-1)?.headers["openstack-api-version"]).toBe(asked);
    });
  }
});

test("it is known of a page whether another follows", async () => {
  await onSite({ type: "compute" }, async ({ client, answer }) => {
    const servers_links = [{ rel: "next", href: "http://x/?marker=b" }];
    answer("GET /servers/detail", ({ query }) => ({
      json:
        query.get("marker") === "b" ? { servers: [{ id: "c" }] } : { servers: [{ id: "b" }], servers_links },
    }));
    const told: boolean[] = [];
    for await (const { is_last } of listServersAsSent(client)) told.push(is_last);
    for await (const page of listServers(client)) told.push(isLastPage(page));
    expect(told).toEqual([false, true, false, true]);
  });
});
