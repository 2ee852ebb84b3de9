import { expect, test } from "vitest";
import { onSite } from "../../test/on-site.ts";
import { createServer, type NewServer } from "./create-server.ts";

const PLAIN: NewServer = { name: "web", flavorRef: "f1", imageRef: "i1", networks: [{ port: "p1" }] };

/** What a site of this microversion is sent for the order, and what we say of it. */
async function ordered(max: string, server: NewServer) {
  let sent: { asked: unknown; fields: Record<string, unknown>; lost: string[] } | undefined;
  await onSite({ type: "compute", max }, async ({ client, answer, site }) => {
    answer("POST /servers", { status: 202, json: { server: { id: "s1", adminPass: "secret" } } });
    const created = await createServer(client, server);
    expect(Object.keys(created)).toEqual(["id", "degraded"]);
    const request = site.requests.at(-1);
    const fields = JSON.parse(request?.body.toString() ?? "{}").server;
    sent = {
      asked: request?.headers["openstack-api-version"],
      fields,
      lost: created.degraded.map(({ operation }) => operation),
    };
  });
  return sent;
}

test("a plain server is ordered without any microversion", async () => {
  expect(await ordered("2.93", PLAIN)).toEqual({ asked: undefined, fields: PLAIN, lost: [] });
});

test.each<[string, Partial<NewServer>, string]>([
  ["description", { description: "d" }, "2.19"],
  ["automatic network", { networks: "auto" }, "2.37"],
  ["tagged NIC", { networks: [{ port: "p", tag: "nic" }] }, "2.42"],
  ["tags", { tags: ["a"], description: "d" }, "2.52"],
  [
    "volume type of a boot disk",
    {
      block_device_mapping_v2: [
        { source_type: "image", destination_type: "volume", uuid: "i", volume_type: "ssd" },
      ],
    },
    "2.67",
  ],
  ["hostname", { hostname: "web", tags: ["a"] }, "2.90"],
  ["trusted certificate", { trusted_image_certificates: ["ca"] }, "2.63"],
  ["host", { host: "compute-1" }, "2.74"],
  ["port with guaranteed bandwidth", { networks: [{ port: "p", guaranteed_bandwidth: true }] }, "2.72"],
])("the lowest microversion that knows a %s is asked for", async (_, more, microversion) => {
  expect((await ordered("2.93", { ...PLAIN, ...more }))?.asked).toBe(`compute ${microversion}`);
});

test("an older site is not sent what it does not know, and that is said", async () => {
  const server = { ...PLAIN, hostname: "web", tags: ["a"], description: "d" };
  const sent = await ordered("2.60", server);
  expect(sent?.lost).toEqual(["create_server.hostname"]);
  expect(sent?.fields).not.toHaveProperty("hostname");
  expect(sent?.fields).toMatchObject({ tags: ["a"], description: "d" });
  expect(sent?.asked).toBe("compute 2.52");
});

const DISK = { source_type: "volume", destination_type: "volume", uuid: "v", boot_index: 0 } as const;

test("what decides the version only is not sent", async () => {
  const server: NewServer = {
    ...PLAIN,
    networks: [{ port: "p", guaranteed_bandwidth: true }],
    block_device_mapping_v2: [{ ...DISK, multiattach: true }],
  };
  const sent = await ordered("2.93", server);
  expect(sent?.fields).toMatchObject({ networks: [{ port: "p" }], block_device_mapping_v2: [DISK] });
  expect(JSON.stringify(sent?.fields)).not.toMatch(/guaranteed|multiattach/);
});

test("an older site is told the host with the zone, past its scheduler", async () => {
  const sent = await ordered("2.73", { ...PLAIN, host: "compute-1", availability_zone: "az1" });
  expect(sent).toMatchObject({
    fields: { availability_zone: "az1:compute-1" },
    lost: ["create_server.host"],
  });
  expect(sent?.fields).not.toHaveProperty("host");
});
