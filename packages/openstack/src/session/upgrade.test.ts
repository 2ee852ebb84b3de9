import { expect, test } from "vitest";
import { catalogEntry, tokenReply } from "../../test/keystone-stub.ts";
import { type StubSite, stubSite } from "../../test/stub-site.ts";
import { createSession } from "./session.ts";
import type { Session } from "./session-types.ts";

/** A site whose Nova changes while a session is open. */
async function onNova(use: (site: StubSite, session: Session) => Promise<void>): Promise<void> {
  await using site = await stubSite();
  settle(site, "/compute/v2.1", "2.93");
  const auth = { type: "password", username: "demo", password: "s", project_name: "demo" } as const;
  const session = createSession({ auth_url: `${site.url}/v3`, auth });
  try {
    expect((await session.service("compute")).versions.max).toBe("2.93");
    await use(site, session);
  } finally {
    await session.close();
  }
}

function settle(site: StubSite, path: string, version: string): void {
  const catalog = [catalogEntry("compute", site.url + path)];
  site.on["POST /v3/auth/tokens"] = tokenReply({ catalog });
  site.on[`GET ${path}/`] = { json: { version: { id: "v2.1", version, min_version: "2.1" } } };
}

const LATER = "GET /compute/v2.1/servers/s1";
const read = async (session: Session, microversion?: string) =>
  await (await session.service("compute")).get("/servers/s1", { microversion });

test.each([
  [
    "a microversion is not known any more",
    { status: 406, json: { computeFault: { message: "no" } } },
    "2.90",
  ],
  ["another microversion answers", { json: {}, headers: { "openstack-api-version": "compute 2.1" } }, "2.90"],
  ["a choice of versions is offered", { status: 300, json: { choices: [] } }, undefined],
  ["nobody routes the URL any more", { status: 404, text: "404 page not found" }, undefined],
] as const)("versions are read anew at once when %s", async (_, answer, microversion) => {
  await onNova(async (site, session) => {
    settle(site, "/compute/v2.1", "2.60");
    site.on[LATER] = answer;
    await read(session, microversion).catch(() => {}); // whether it is thrown is another test's business
    expect((await session.service("compute")).versions.max).toBe("2.60");
  });
});

test.each([
  ["a resource that is not there", { status: 404, json: { itemNotFound: { message: "gone" } } }],
  ["a proxy that drops the version header", { json: {} }],
  ["the version that was asked for", { json: {}, headers: { "openstack-api-version": "compute 2.90" } }],
] as const)("versions are kept after %s", async (_, answer) => {
  await onNova(async (site, session) => {
    settle(site, "/compute/v2.1", "2.60");
    site.on[LATER] = answer;
    await read(session, "2.90").catch(() => {}); // see above
    expect((await session.service("compute")).versions.max).toBe("2.93");
  });
});

test("a service that has moved is found where a new token's catalog says it is", async () => {
  await onNova(async (site, session) => {
    settle(site, "/nova/v2.1", "2.100");
    site.on[LATER] = { status: 404, text: "404 page not found" };
    await expect(read(session)).rejects.toMatchObject({ status: 404 });
    const { endpoint, versions } = await session.service("compute");
    expect([endpoint, versions.max]).toEqual([`${site.url}/nova/v2.1`, "2.100"]);
  });
});

test("versions are read without a token where the site gives none", async () => {
  await onNova(async (site, session) => {
    settle(site, "/compute/v2.1", "2.100");
    site.on["POST /v3/auth/tokens"] = { status: 401, json: { error: { message: "no" } } };
    session.renewToken();
    await expect(session.token()).rejects.toMatchObject({ status: 401 });
    expect(await session.versionsAt("compute", `${site.url}/compute/v2.1`)).toMatchObject({ max: "2.100" });
    expect(site.requests.at(-1)?.headers["x-auth-token"]).toBeUndefined();
  });
});

test("a fresh look at a service that hangs holds up nobody else, and takes nothing away", async () => {
  await onNova(async (site, session) => {
    const known = await session.service("compute");
    site.on["GET /compute/v2.1/"] = "hang";
    const looking = session.service("compute", { fresh: true }).catch((error: Error) => error.name);
    expect(await session.service("compute")).toBe(known);
    await expect.poll(() => site.log.filter((line) => line === "GET /compute/v2.1/").length).toBe(2);
    await session.close();
    expect(await looking).toBe("SiteUnreachable");
    expect(await session.service("compute")).toBe(known);
  });
});

test("a fresh look is what everybody gets from then on", async () => {
  await onNova(async (site, session) => {
    settle(site, "/compute/v2.1", "2.100");
    expect((await session.service("compute", { fresh: true })).versions.max).toBe("2.100");
    expect((await session.service("compute")).versions.max).toBe("2.100");
  });
});
