import { afterEach, expect, test } from "vitest";
import { catalogEntry, tokenReply } from "../../test/keystone-stub.ts";
import {
  CINDER_ROOT,
  GLANCE_ROOT,
  KEYSTONE_VERSIONED,
  NEUTRON_ROOT,
  NOVA_VERSIONED,
  PLACEMENT_ROOT,
} from "../../test/recorded-documents.ts";
import { type StubSite, stubSite } from "../../test/stub-site.ts";
import { createSession } from "../session/session.ts";
import { describeSite, type SiteDescription } from "./describe-site.ts";

let stub: StubSite;

afterEach(async () => await stub[Symbol.asyncDispose]());

async function site(): Promise<void> {
  stub = await stubSite({
    "GET /v3/": { json: KEYSTONE_VERSIONED },
    "GET /compute/v2.1/": { json: NOVA_VERSIONED },
    "GET /volume/v3/": { json: CINDER_ROOT },
    "GET /image/": { status: 300, json: GLANCE_ROOT },
    "GET /network/": { json: NEUTRON_ROOT },
    "GET /placement/": { json: PLACEMENT_ROOT },
  });
  const { url } = stub;
  const catalog = [
    catalogEntry("identity", "http://internal.example:5000"),
    catalogEntry("compute", `${url}/compute/v2.1`),
    catalogEntry("volumev3", `${url}/volume/v3/project-1`),
    catalogEntry("image", `${url}/image`),
    catalogEntry("network", `${url}/network`),
    catalogEntry("placement", `${url}/placement`),
    catalogEntry("object-store", `${url}/swift/v1`),
  ];
  stub.on["POST /v3/auth/tokens"] = tokenReply({ catalog });
}

async function described(region_name?: string): Promise<SiteDescription> {
  const auth = { type: "password", username: "demo", password: "s", project_name: "demo" } as const;
  const session = createSession({ auth_url: `${stub.url}/v3`, auth, region_name });
  try {
    return await describeSite(session);
  } finally {
    await session.close();
  }
}

test("a healthy site is described service by service", async () => {
  await site();
  const description = await described();
  expect(
    description.services.map(({ catalog_type, state, versions }) => [catalog_type, state, versions?.max]),
  ).toEqual([
    ["identity", "ok", undefined],
    ["compute", "ok", "2.93"],
    ["volumev3", "ok", "3.62"],
    ["image", "ok", undefined],
    ["network", "ok", undefined],
    ["placement", "ok", "1.39"],
    ["object-store", "not_checked", undefined],
  ]);
  expect(description).toMatchObject({
    region: "one",
    regions: ["one"],
    roles: ["member"],
    unavailable: [],
    release: { confidence: "mixed" },
  });
});

test("a service that is down is part of the description and takes none of the others with it", async () => {
  await site();
  stub.on["GET /network/"] = { status: 500, json: { message: "boom" } };
  delete stub.on["GET /volume/v3/"];
  stub.on["GET /image/"] = { text: "<html>Welcome</html>" };
  const { services, unavailable } = await described();
  const states = Object.fromEntries(services.map(({ catalog_type, state }) => [catalog_type, state]));
  expect(states).toMatchObject({
    compute: "ok",
    volumev3: "ok",
    network: "unavailable",
    image: "unavailable",
  });
  expect(unavailable.map(({ service }) => service)).toEqual(["image", "network"]);
  expect(services.find(({ type }) => type === "network")?.problem).toContain("boom");
});

test("a catalog without compute says what that means", async () => {
  await site();
  stub.on["POST /v3/auth/tokens"] = tokenReply({ catalog: [catalogEntry("image", `${stub.url}/image`)] });
  const { unavailable } = await described();
  expect(unavailable.map(({ service }) => service)).toEqual(["compute", "block-storage", "network"]);
});

test("a region that is not there is refused with those that are", async () => {
  await site();
  await expect(described("mars")).rejects.toThrow("has no region 'mars'. Its regions: one.");
});
