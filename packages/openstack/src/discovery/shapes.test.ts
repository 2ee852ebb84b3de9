import { expect, test } from "vitest";
import { catalogEntry, tokenReply } from "../../test/keystone-stub.ts";
import {
  CINDER_ROOT,
  GLANCE_ROOT,
  KEYSTONE_ROOT,
  KEYSTONE_VERSIONED,
  NEUTRON_ROOT,
  NOVA_ROOT,
  NOVA_VERSIONED,
  PLACEMENT_ROOT,
} from "../../test/recorded-documents.ts";
import { type StubAnswer, type StubSite, stubSite } from "../../test/stub-site.ts";
import type { ServiceType } from "../service/service-types.ts";
import { createSession } from "../session/session.ts";

/** Every shape of document and catalog that sites are known to have, over real HTTP. */
interface Shape {
  /** What the catalog says, below the site's address. */
  catalog: readonly [type: string, path: string][];
  documents: Readonly<Record<string, StubAnswer>>;
  /** Path and newest microversion of the service that is found. */
  found: readonly [path: string, max: string | undefined];
}

const PAGE = { text: "<html><title>Apache default</title></html>", headers: { "content-type": "text/html" } };
const HIDDEN = { status: 404, text: "<html>Not Found</html>" };
const SECRET = { status: 401, json: { error: { message: "Authentication required" } } };
const ZED = ["/compute/v2.1", "2.93"] as const;
const CINDER_3 = (max: string) => ({
  json: { versions: [{ id: "v3.0", status: "CURRENT", version: max, min_version: "3.0" }] },
});

const SHAPES: Readonly<Record<string, [ServiceType, Shape]>> = {
  "an unversioned root": [
    "compute",
    { catalog: [["compute", "/compute"]], documents: { "/compute/": { json: NOVA_ROOT } }, found: ZED },
  ],
  "a versioned root": [
    "compute",
    {
      catalog: [["compute", "/compute/v2.1"]],
      documents: { "/compute/v2.1/": { json: NOVA_VERSIONED } },
      found: ZED,
    },
  ],
  "a root that answers 300": [
    "compute",
    {
      catalog: [["compute", "/compute"]],
      documents: { "/compute/": { status: 300, json: NOVA_ROOT } },
      found: ZED,
    },
  ],
  "a versioned document that only the service's own users may read, and an open root": [
    "block-storage",
    {
      catalog: [["volumev3", "/volume/v3/project-1"]],
      documents: { "/volume/v3/": SECRET, "/volume/": { status: 300, json: CINDER_ROOT } },
      found: ["/volume/v3/project-1", "3.62"],
    },
  ],
  "a hidden root, with a version in the catalog": [
    "compute",
    {
      catalog: [["compute", "/compute/v2/project-1"]],
      documents: { "/compute/": HIDDEN, "/compute/v2/": HIDDEN },
      found: ["/compute/v2/project-1", undefined],
    },
  ],
  "a hidden root, and no version in the catalog": [
    "compute",
    {
      catalog: [["compute", "/compute"]],
      documents: { "/compute/": HIDDEN, "/compute/v2.1/": { json: NOVA_VERSIONED } },
      found: ZED,
    },
  ],
  "a web page at the root": [
    "block-storage",
    {
      catalog: [["block-storage", ""]],
      documents: { "/": PAGE, "/v3/": CINDER_3("3.71") },
      found: ["/v3", "3.71"],
    },
  ],
  "a root that leads to the name inside": [
    "compute",
    {
      catalog: [["compute", "/compute"]],
      documents: {
        "/compute/": { status: 302, headers: { location: "http://nova.internal:8774/v2.1/" } },
        "/compute/v2.1/": { json: NOVA_VERSIONED },
      },
      found: ZED,
    },
  ],
  "links to another host and scheme, which are not read": [
    "compute",
    {
      catalog: [["compute", "/compute/v2.1"]],
      documents: {
        "/compute/v2.1/": {
          json: { version: { ...NOVA_VERSIONED.version, links: [{ rel: "self", href: "gopher://x/v9" }] } },
        },
      },
      found: ZED,
    },
  ],
  "a gateway with a version of its own before the service's": [
    "compute",
    {
      catalog: [["compute", "/api/v1/regions/one/compute/v2.1"]],
      documents: { "/api/v1/regions/one/compute/v2.1/": { json: NOVA_VERSIONED } },
      found: ["/api/v1/regions/one/compute/v2.1", "2.93"],
    },
  ],
  "the version twice": [
    "block-storage",
    {
      catalog: [["volumev3", "/volume/v3/v3/project-1"]],
      documents: { "/volume/v3/": CINDER_3("3.70") },
      found: ["/volume/v3/project-1", "3.70"],
    },
  ],
  "slashes too many": [
    "compute",
    {
      catalog: [["compute", "//compute//v2.1//"]],
      documents: { "/compute/v2.1/": { json: NOVA_VERSIONED } },
      found: ZED,
    },
  ],
  "only volumev2, where v3 is there, too": [
    "block-storage",
    {
      catalog: [["volumev2", "/volume/v2/project-1"]],
      documents: { "/volume/": { status: 300, json: CINDER_ROOT } },
      found: ["/volume/v3/project-1", "3.62"],
    },
  ],
  "volumev2 beside volumev3": [
    "block-storage",
    {
      catalog: [
        ["volumev2", "/volume/v2/project-1"],
        ["volumev3", "/volume/v3/project-1"],
      ],
      documents: { "/volume/v3/": CINDER_3("3.59") },
      found: ["/volume/v3/project-1", "3.59"],
    },
  ],
  "block-store, as it was called for a while": [
    "block-storage",
    {
      catalog: [["block-store", "/volume/v3/project-1"]],
      documents: { "/volume/v3/": CINDER_3("3.59") },
      found: ["/volume/v3/project-1", "3.59"],
    },
  ],
  "block-storage beside volumev3": [
    "block-storage",
    {
      catalog: [
        ["volumev3", "/old/v3/project-1"],
        ["block-storage", "/new/v3"],
      ],
      documents: { "/new/v3/": CINDER_3("3.71") },
      found: ["/new/v3", "3.71"],
    },
  ],
  "no project in the URL of a Cinder that wants one": [
    "block-storage",
    {
      catalog: [["block-storage", "/volume/v3"]],
      documents: { "/volume/v3/": CINDER_3("3.66") },
      found: ["/volume/v3/project-1", "3.66"],
    },
  ],
  "no project in the URL of a Cinder that wants none": [
    "block-storage",
    {
      catalog: [["block-storage", "/volume/v3"]],
      documents: { "/volume/v3/": CINDER_3("3.67") },
      found: ["/volume/v3", "3.67"],
    },
  ],
  "a project in the URL of a Cinder that wants none": [
    "block-storage",
    {
      catalog: [["block-storage", "/volume/v3/project-1"]],
      documents: { "/volume/v3/": CINDER_3("3.71") },
      found: ["/volume/v3/project-1", "3.71"],
    },
  ],
  "a project in Nova's URL": [
    "compute",
    {
      catalog: [["compute", "/compute/v2.1/project-1"]],
      documents: { "/compute/v2.1/": { json: NOVA_VERSIONED } },
      found: ["/compute/v2.1/project-1", "2.93"],
    },
  ],
  "Glance, which says 300 and has no microversions": [
    "image",
    {
      catalog: [["image", "/image"]],
      documents: { "/image/": { status: 300, json: GLANCE_ROOT } },
      found: ["/image/v2", undefined],
    },
  ],
  "Neutron, whose versioned URL wants a token": [
    "network",
    {
      catalog: [["network", "/network/v2.0"]],
      documents: { "/network/v2.0/": SECRET, "/network/": { json: NEUTRON_ROOT } },
      found: ["/network/v2.0", undefined],
    },
  ],
  "Placement, without a version in its URL": [
    "placement",
    {
      catalog: [["placement", "/placement"]],
      documents: { "/placement/": { json: PLACEMENT_ROOT } },
      found: ["/placement", "1.39"],
    },
  ],
  "a version that is not well, while the root is": [
    "compute",
    {
      catalog: [["compute", "/compute/v2.1"]],
      documents: {
        "/compute/v2.1/": { status: 500, json: { computeFault: { message: "database" } } },
        "/compute/": { json: NOVA_ROOT },
      },
      found: ZED,
    },
  ],
};

async function onStub(use: (site: StubSite) => Promise<void>): Promise<void> {
  await using site = await stubSite();
  await use(site);
}

const AUTH = { type: "password", username: "demo", password: "s", project_name: "demo" } as const;

test.each(Object.entries(SHAPES))("%s is understood", async (_, [type, { catalog, documents, found }]) => {
  await onStub(async (site) => {
    const entries = catalog.map(([name, path]) => catalogEntry(name, site.url + path));
    site.on["POST /v3/auth/tokens"] = tokenReply({ catalog: entries });
    for (const [path, answer] of Object.entries(documents)) site.on[`GET ${path}`] = answer;
    const session = createSession({ auth_url: `${site.url}/v3`, auth: AUTH });
    try {
      const { endpoint, versions } = await session.service(type);
      expect([endpoint, versions.max]).toEqual([site.url + found[0], found[1]]);
    } finally {
      await session.close();
    }
  });
});

test.each([
  ["without a version", "", { "/": { status: 300, json: KEYSTONE_ROOT } }, "/v3"],
  ["with /v3", "/v3", {}, "/v3"],
  ["with /v3 twice", "/identity/v3/v3/", {}, "/identity/v3"],
  [
    "with the old /v2.0",
    "/identity/v2.0",
    { "/identity/": { status: 300, json: KEYSTONE_ROOT } },
    "/identity/v3",
  ],
  ["as copied from a request", "/v3/auth/tokens", {}, "/v3"],
  ["behind a proxy that hides the root", "", { "/": PAGE, "/v3/": { json: KEYSTONE_VERSIONED } }, "/v3"],
  ["behind a gateway", "/api/v1/one", { "/api/v1/one/": { json: KEYSTONE_ROOT } }, "/api/v1/one/v3"],
] satisfies [string, string, Record<string, StubAnswer>, string][])(
  "an auth_url %s leads to Keystone",
  async (_, path, documents, keystone) => {
    await onStub(async (site) => {
      site.on[`POST ${keystone}/auth/tokens`] = tokenReply();
      for (const [document, answer] of Object.entries(documents)) site.on[`GET ${document}`] = answer;
      const session = createSession({ auth_url: site.url + path, auth: AUTH });
      expect((await session.token()).user.name).toBe("demo");
      await session.close();
    });
  },
);
