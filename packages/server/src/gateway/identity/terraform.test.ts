import { endpoints } from "@uniview/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testGrant, testProject } from "../../inventory/testing.ts";
import { startTestServer, TEST_PASSWORD, type TestServer } from "../../testing.ts";

// What gophercloud, and so Terraform's and OpenTofu's provider, sends and reads, from its code: utils/choose_version.go,
// openstack/client.go, openstack/endpoint_location.go, provider_client.go.

let server: TestServer;
let credential: { id: string; secret: string };

beforeAll(async () => {
  server = await startTestServer();
  const ada = await server.user("ada");
  const asking = { user_id: ada.id, name: "ada", role: "user", via: "token", credential_id: ada.id } as const;
  const joined = await testProject(server.database, "zed", "demo", asking);
  await testGrant(server.database, asking, joined);
  const catalog = [
    {
      type: "compute",
      name: "nova",
      endpoints: [
        { interface: "public", region: "RegionOne", region_id: "RegionOne", url: "http://nova/v2.1" },
      ],
    },
  ];
  await server.database.kysely
    .insertInto("site_catalogs")
    .values({ site_project_id: joined.id, catalog: JSON.stringify(catalog) })
    .execute();
  const { id: project_id } = await ada.client.call(endpoints.createProject, { body: { name: "demo" } });
  await ada.client.call(endpoints.attachSite, {
    params: { id: project_id },
    body: { site: "zed", project_id: joined.project_id },
  });
  credential = await ada.client.call(endpoints.createApplicationCredential, {
    body: { name: "terraform", project_id },
  });
});
afterAll(() => server.close());

interface Token {
  secret: string;
  catalog: {
    type: string;
    endpoints: { interface: string; region: string; region_id: string; url: string }[];
  }[];
}

/** POST below an address that ends in a slash, as gophercloud keeps it; no scope is `null` in its body. */
async function authenticate(base: string, identity: object, scope?: object): Promise<Token> {
  const answer = await fetch(`${base}auth/tokens`, {
    method: "POST",
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      "user-agent": "gophercloud/v1",
    },
    body: JSON.stringify({ auth: { identity, ...(scope ? { scope } : {}) } }),
  });
  expect(answer.status).toBe(201);
  const { token } = (await answer.json()) as { token: Pick<Token, "catalog"> };
  return { secret: answer.headers.get("x-subject-token") ?? "", catalog: token.catalog };
}

const byPassword = () => ({
  methods: ["password"],
  password: { user: { name: "ada", password: TEST_PASSWORD, domain: { name: "Default" } } },
});
const byCredential = () => ({
  methods: ["application_credential"],
  application_credential: { id: credential.id, secret: credential.secret },
});

/** One endpoint of that type, region and interface, or the provider refuses the catalog as ambiguous. */
function endpointsOf({ catalog }: Token, type: string, region: string): string[] {
  return catalog
    .filter((entry) => entry.type === type)
    .flatMap((entry) => entry.endpoints)
    .filter((one) => one.interface === "public" && (one.region === region || one.region_id === region))
    .map((one) => one.url);
}

test("without a version in OS_AUTH_URL it chooses v3 by the document of the base", async () => {
  for (const base of [`${server.url}/identity`, `${server.url}/identity/`]) {
    const answer = await fetch(base, { headers: { accept: "application/json" } });
    expect([200, 300]).toContain(answer.status);
    const { versions } = (await answer.json()) as {
      versions: { values: { id: string; status: string; links: { rel: string; href: string }[] }[] };
    };
    const [v3] = versions.values.filter(({ id }) => id.startsWith("v3"));
    expect(v3?.status).toBe("stable");
    const self = v3?.links.find(({ rel }) => rel === "self")?.href ?? "";
    expect((await authenticate(self, byPassword())).secret).not.toBe("");
  }
});

test("password and application credential find exactly one endpoint for a type and region", async () => {
  const base = `${server.url}/identity/v3/`;
  const scope = { project: { name: "demo", domain: { name: "Default" } } };
  for (const token of [
    await authenticate(base, byPassword(), scope),
    await authenticate(base, byCredential()),
  ]) {
    expect(endpointsOf(token, "compute", "zed")).toEqual([`${server.url}/openstack/zed/compute/v2.1`]);
    expect(endpointsOf(token, "volumev3", "global")).toHaveLength(1);
    expect(endpointsOf(token, "compute", "nowhere")).toEqual([]);
  }
});

test("a token that is good no more gets 401 from a service, and the provider signs in once more", async () => {
  const base = `${server.url}/identity/v3/`;
  const first = await authenticate(base, byCredential());
  const gone = await fetch(`${base}auth/tokens`, {
    method: "DELETE",
    headers: { "x-auth-token": first.secret, "x-subject-token": first.secret },
  });
  expect(gone.status).toBe(204);
  const [compute] = endpointsOf(first, "compute", "zed");
  const refused = await fetch(`${compute}/servers/detail`, { headers: { "x-auth-token": first.secret } });
  expect(refused.status).toBe(401);
  const second = await authenticate(base, byCredential());
  expect(second.secret).not.toBe(first.secret);
  const shown = await fetch(`${base}auth/tokens`, {
    headers: { "x-auth-token": second.secret, "x-subject-token": second.secret },
  });
  expect(shown.status).toBe(200);
});
