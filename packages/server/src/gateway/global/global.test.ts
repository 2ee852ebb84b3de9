import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "../proxy/testing.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const json = { "content-type": "application/json" };
interface Named {
  id: string;
  name: string;
  metadata?: Record<string, string>;
  links?: { href: string }[];
  "uniview:site"?: string;
  uniview_site?: string;
}
const list = async <Key extends string>(path: string, key: Key) => {
  const answer = await gateway.ask(path);
  expect(answer.status).toBe(200);
  const body = (await answer.json()) as Record<string, unknown>;
  return { answer, items: body[key] as Named[], body };
};
const volumes = (region: string) => `${region}/volumev3/v3/${gateway.project_id}/volumes`;

test("a list has the servers of every site, each with its site and a link to where it is shown", async () => {
  const [zed, epoxy, all] = await Promise.all([
    list("zed/compute/v2.1/servers/detail", "servers"),
    list("epoxy/compute/v2.1/servers/detail", "servers"),
    list("global/compute/v2.1/servers/detail", "servers"),
  ]);
  expect(all.items.map(({ id }) => id)).toEqual([...epoxy.items, ...zed.items].map(({ id }) => id));
  expect(new Set(all.items.map(({ metadata }) => metadata?.["uniview_site"]))).toEqual(
    new Set(["zed", "epoxy"]),
  );
  for (const { links = [] } of all.items) {
    expect(links[0]?.href).toMatch(`${gateway.server.url}/openstack/global/compute/v2.1/servers/`);
  }
  expect(all.answer.headers.get("openstack-uniview-missing")).toBeNull();
});

test.each([
  ["compute/v2.1/flavors/detail", "flavors"],
  ["image/v2/images", "images"],
  ["network/v2.0/networks", "networks"],
  ["network/v2.0/security-groups.json", "security_groups"],
  ["network/v2.0/ports", "ports"],
])("%s is merged, too", async (path, key) => {
  const { items } = await list(`global/${path}`, key);
  const sites = new Set(items.map((item) => item["uniview:site"] ?? item.uniview_site));
  expect(sites).toEqual(new Set(["zed", "epoxy"]));
});

test("pages go through all sites, whatever the size of a page", async () => {
  const all = await list(`${volumes("global")}/detail`, "volumes");
  expect(all.items.length).toBeGreaterThan(3);
  const seen: string[] = [];
  let url: string | undefined = `${gateway.server.url}/openstack/${volumes("global")}?limit=2`;
  while (url !== undefined) {
    const answer = await fetch(url, { headers: { "x-auth-token": gateway.token } });
    const page = (await answer.json()) as { volumes: Named[]; volumes_links?: { href: string }[] };
    seen.push(...page.volumes.map(({ id }) => id));
    url = page.volumes_links?.[0]?.href;
  }
  expect(seen).toEqual(all.items.map(({ id }) => id));
});

test("a site that is away is named, and the others are listed", async () => {
  await gateway.epoxy.faults.down();
  try {
    const { answer, items } = await list("global/compute/v2.1/servers", "servers");
    expect(items.length).toBeGreaterThan(0);
    expect(new Set(items.map((item) => item["uniview:site"]))).toEqual(new Set(["zed"]));
    expect(answer.headers.get("openstack-uniview-missing")).toMatch(/^epoxy; reason="/);
  } finally {
    await gateway.epoxy.faults.up();
  }
});

test("an old site does not fail a list that is asked for in a newer version", async () => {
  const answer = await gateway.ask("global/compute/v2.1/servers", {
    headers: { "openstack-api-version": "compute 2.99" },
  });
  const { servers } = (await answer.json()) as { servers: Named[] };
  expect(new Set(servers.map((server) => server["uniview:site"]))).toEqual(new Set(["zed", "epoxy"]));
});

test("what every site refuses is refused", async () => {
  const answer = await gateway.ask("global/compute/v2.1/servers?changes-since=nonsense");
  expect(answer.status).toBe(400);
});

test("a server is shown, changed and deleted where it is", async () => {
  const { items } = await list("global/compute/v2.1/servers/detail", "servers");
  const server = items.find(({ metadata }) => metadata?.["uniview_site"] === "zed");
  const path = `global/compute/v2.1/servers/${server?.id}`;
  const shown = await gateway.ask(path);
  expect(shown.headers.get("openstack-uniview-site")).toBe("zed");
  expect(((await shown.json()) as { server: Named }).server.links?.[0]?.href).toMatch(
    `${gateway.server.url}/openstack/global/compute/`,
  );
  const renamed = await gateway.ask(path, {
    method: "PUT",
    headers: json,
    body: JSON.stringify({ server: { name: "renamed" } }),
  });
  expect(renamed.status).toBe(200);
  const direct = await gateway.ask(`zed/compute/v2.1/servers/${server?.id}`);
  expect(((await direct.json()) as { server: Named }).server.name).toBe("renamed");
  expect((await gateway.ask(path, { method: "DELETE" })).status).toBe(204);
});

test("what no site has is not found", async () => {
  const answer = await gateway.ask("global/compute/v2.1/servers/00000000-0000-4000-8000-000000000000");
  expect(answer.status).toBe(404);
});

const create = async (path: string, body: unknown) => {
  const answer = await gateway.ask(path, { method: "POST", headers: json, body: JSON.stringify(body) });
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
  return {
    site: answer.headers.get("openstack-uniview-site"),
    placed: answer.headers.get("openstack-uniview-placed"),
    body: (await answer.json()) as Record<string, Named>,
  };
};

test("a server is made at the site that is asked for", async () => {
  const { items: images } = await list("zed/image/v2/images", "images");
  const { items: networks } = await list("zed/network/v2.0/networks", "networks");
  const { items: flavors } = await list("zed/compute/v2.1/flavors", "flavors");
  const made = await create("global/compute/v2.1/servers", {
    server: {
      name: "placed",
      imageRef: images[0]?.id,
      flavorRef: flavors[0]?.id,
      networks: [{ uuid: networks[0]?.id }],
      metadata: { a: "b" },
    },
    "os:scheduler_hints": { site: "zed" },
  });
  expect(made).toMatchObject({ site: "zed", placed: "asked_for" });
});

test("a server is made where its image and network are", async () => {
  const { items: images } = await list("zed/image/v2/images", "images");
  const { items: networks } = await list("zed/network/v2.0/networks", "networks");
  const { items: flavors } = await list("zed/compute/v2.1/flavors", "flavors");
  const made = await create("global/compute/v2.1/servers", {
    server: {
      name: "referring",
      imageRef: images[0]?.id,
      flavorRef: flavors[0]?.id,
      networks: [{ uuid: networks[0]?.id }],
    },
  });
  expect(made).toMatchObject({ site: "zed", placed: "by_reference" });
});

test("what names no site and refers to nothing goes to the first site with capacity", async () => {
  gateway.epoxy.faults.setQuota("block-storage", "demo", { volumes: 0 });
  const made = await create(volumes("global"), { volume: { name: "somewhere", size: 1 } });
  expect(made).toMatchObject({ site: "zed", placed: "first_with_capacity" });
  const asked = await create(volumes("global"), {
    volume: { name: "there", size: 1, metadata: { uniview_site: "zed" } },
  });
  expect(asked).toMatchObject({ site: "zed", placed: "asked_for" });
});

test("an image that was just made takes its bytes at its site", async () => {
  const { body, site } = await create("global/image/v2/images", {
    name: "global",
    disk_format: "raw",
    container_format: "bare",
    uniview_site: "zed",
  });
  expect(site).toBe("zed");
  const id = (body as unknown as Named).id;
  const put = await gateway.ask(`global/image/v2/images/${id}/file`, {
    method: "PUT",
    headers: { "content-type": "application/octet-stream" },
    body: Buffer.alloc(1000, 1),
  });
  expect(put.status).toBe(204);
});

test("a site that is not theirs is refused with those that are", async () => {
  const answer = await gateway.ask(volumes("global"), {
    method: "POST",
    headers: json,
    body: JSON.stringify({ volume: { size: 1, metadata: { uniview_site: "yoga" } } }),
  });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("There are: epoxy, zed.");
});

test("a keypair of the same name at several sites is not deleted by guessing", async () => {
  for (const region of ["zed", "epoxy"]) {
    await create(`${region}/compute/v2.1/os-keypairs`, { keypair: { name: "same" } });
  }
  const path = "compute/v2.1/os-keypairs/same";
  expect((await gateway.ask(`global/${path}`)).status).toBe(200);
  expect((await gateway.ask(`global/${path}`, { method: "DELETE" })).status).toBe(409);
  expect((await gateway.ask(`zed/${path}`, { method: "DELETE" })).status).toBe(202);
  expect((await gateway.ask(`global/${path}`, { method: "DELETE" })).status).toBeLessThan(300);
});

test("the documents of the region say what every site can do, to whoever asks", async () => {
  const answer = await fetch(`${gateway.server.url}/openstack/global/compute/v2.1/`);
  const { version } = (await answer.json()) as { version: { version: string; min_version: string } };
  expect(version).toMatchObject({ version: "2.93", min_version: "2.1" });
  const volume = await fetch(`${gateway.server.url}/openstack/global/volumev3/v3/`);
  expect(await volume.text()).toContain('"version":"3.70"');
  const none = await fetch(`${gateway.server.url}/openstack/global/compute/v2.1/servers`);
  expect(none.status).toBe(401);
});
