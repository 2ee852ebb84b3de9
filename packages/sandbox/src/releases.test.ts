import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RELEASES, type ReleaseName } from "./releases.ts";
import { openSite, SiteClient } from "./testing/site-client.ts";

const NAMES = Object.keys(RELEASES) as ReleaseName[];

test.each(NAMES)(
  "every service of %s answers where the catalog says, up to its newest version and no further",
  async (release) => {
    await using site = await openSite({ release });
    const demo = await SiteClient.signIn(site);
    const { compute_max, volume_max, placement_max } = RELEASES[release];
    for (const [service, path, range, max] of [
      ["compute", "/servers", "compute", compute_max],
      ["volume", "/volumes", "volume", volume_max],
    ] as const) {
      const newest = await demo.ask("GET", service, path, { version: `${range} latest` });
      expect(newest.status).toBe(200);
      expect(newest.headers.get("openstack-api-version")).toBe(`${range} ${max}`);
      expect(newest.headers.get("vary")).toContain("OpenStack-API-Version");
      const [major, minor] = max.split(".");
      const beyond = `${major}.${Number(minor) + 1}`;
      const refused = await demo.ask("GET", service, path, { version: `${range} ${beyond}` });
      expect(refused.status).toBe(406);
      const text = `Version ${beyond} is not supported by the API. Minimum is ${major}.${service === "compute" ? 1 : 0} and maximum is ${max}.`;
      expect(refused.body).toEqual({ computeFault: { code: 406, message: text } });
    }
    expect((await demo.ask("GET", "image", "/images")).status).toBe(200);
    expect((await demo.ask("GET", "network", "/networks")).status).toBe(200);
    const placement = await fetch(demo.endpoint("placement"));
    expect(await placement.json()).toMatchObject({
      versions: [{ max_version: placement_max, min_version: "1.0" }],
    });
  },
);

test("a bad version string is a 400, and unknown paths are 404 in each service's way", async () => {
  await using site = await openSite();
  const demo = await SiteClient.signIn(site);
  expect((await demo.ask("GET", "compute", "/servers", { version: "compute x" })).text).toContain(
    "API Version String x is of invalid format. Must be of format MajorNum.MinorNum.",
  );
  expect((await demo.ask("GET", "compute", "/nope")).text).toBe(
    "404 Not Found\n\nThe resource could not be found.\n\n   ",
  );
  expect((await demo.ask("GET", "network", "/nope")).body).toMatchObject({
    NeutronError: { type: "HTTPNotFound" },
  });
  expect((await demo.ask("GET", "identity", "/nope")).text).toContain("<title>404 Not Found</title>");
});

test("the image service lists its versions in the order that a real region does", async () => {
  const listed = async (release: ReleaseName) => {
    await using site = await openSite({ release });
    const demo = await SiteClient.signIn(site);
    const answer = await fetch(demo.endpoint("image").replace(/v2$/, ""));
    const { versions } = (await answer.json()) as { versions: Array<{ id: string; status: string }> };
    return versions.map(({ id, status }) => (status === "CURRENT" ? `${id}*` : id)).join(" ");
  };
  const oldest = "v2.7 v2.6 v2.5 v2.4 v2.3 v2.2 v2.1 v2.0";
  expect(await listed("zed")).toBe(`v2.15* v2.13 v2.12 v2.11 v2.10 v2.9 v2.8 ${oldest}`);
  expect(await listed("2025.1")).toBe(`v2.15 v2.13 v2.12 v2.11 v2.10 v2.9 v2.8 v2.17* ${oldest}`);
});

test("a site is upgraded in place: its users, tokens and URLs stay, its versions rise", async () => {
  const dir = await mkdtemp(join(tmpdir(), "sandbox-"));
  const old = await openSite({ dir, release: "victoria", keep_state: true });
  const demo = await SiteClient.signIn(old);
  await old.close();
  const { port } = old;
  const upgrade = { dir, port, keep_state: true, layout_of: "victoria" } as const;
  const rolling = await openSite({ ...upgrade, release: "victoria", services: { compute: "2025.1" } });
  expect(await newest(demo)).toEqual(["compute 2.100", "volume 3.62"]);
  await rolling.close();
  const whole = await openSite({ ...upgrade, release: "2025.1" });
  expect(await newest(demo)).toEqual(["compute 2.100", "volume 3.71"]);
  expect(whole.auth_url).toBe(old.auth_url);
  await whole.close();
  await rm(dir, { recursive: true });
});

async function newest(client: SiteClient): Promise<(string | null)[]> {
  const asked = [
    client.ask("GET", "compute", "/servers", { version: "compute latest" }),
    client.ask("GET", "volume", "/volumes", { version: "volume latest" }),
  ];
  return (await Promise.all(asked)).map(({ headers }) => headers.get("openstack-api-version"));
}
