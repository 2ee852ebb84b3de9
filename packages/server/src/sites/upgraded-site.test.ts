import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endpoints, pickCloud, readCloudsYaml, type Site } from "@uniview/api";
import { type Sandbox, type SandboxOptions, startSandbox } from "@uniview/sandbox";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startTestServer, type TestServer, type TestUser } from "../testing.ts";

/** A look a quarter of a minute, one at the services each three quarters, and a busy machine. */
const PATIENCE = { timeout: 110_000, interval: 500 };

let server: TestServer;
let ada: TestUser;
let dir: string;
let number = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "uniview-upgraded-"));
  server = await startTestServer();
  ada = await server.user("ada");
});
afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

interface Joined {
  readonly name: string;
  /** What `site show` says when it is so far, without anybody asking for a look. */
  seen(how: (site: Site) => unknown): { toEqual(value: unknown): Promise<void> };
  show(): Promise<Site>;
  become(options: Partial<SandboxOptions>): Promise<void>;
}

/** A joined Victoria site, and what is put at its address afterwards. */
async function onVictoria(
  wish: Partial<SandboxOptions>,
  use: (joined: Joined) => Promise<void>,
): Promise<void> {
  number += 1;
  const name = `site${number}`;
  const start = (options: Partial<SandboxOptions>) =>
    startSandbox({
      name,
      release: "victoria",
      dir: join(dir, name),
      seed: "empty",
      keep_state: true,
      ...options,
    });
  let sandbox: Sandbox = await start(wish);
  const { port } = sandbox;
  const { cloud } = pickCloud(readCloudsYaml(sandbox.clouds_yaml), name);
  const show = () => ada.client.call(endpoints.getSite, { params: { name } });
  expect((await ada.client.call(endpoints.addSite, { body: { name, cloud } })).discovery.release.label).toBe(
    "Victoria",
  );
  try {
    await use({
      name,
      show,
      // not expect.poll: that belongs to the test which began last, and these run side by side
      seen: (how) => ({
        toEqual: (value) => vi.waitFor(async () => expect(how(await show())).toEqual(value), PATIENCE),
      }),
      async become(options) {
        await sandbox.close();
        sandbox = await start({ ...wish, port, layout_of: "victoria", ...options });
      },
    });
  } finally {
    await ada.client.call(endpoints.removeSite, { params: { name }, query: { force: "true" } });
    await sandbox.close();
  }
}

const releaseOf = (site: Site) => site.discovery.release.label;
const versions = ({ discovery }: Site) =>
  Object.fromEntries(discovery.services.map((service) => [service.type, service.max_microversion]));

test.concurrent("a site that is upgraded in place is noticed by itself, service by service", async () => {
  await onVictoria({}, async ({ name, seen, show, become }) => {
    await become({ services: { compute: "2025.1" } });
    await seen(releaseOf).toEqual("Victoria and 2025.1 to 2025.2 (services differ)");
    const rolling = await show();
    expect(versions(rolling)).toMatchObject({ compute: "2.100", "block-storage": "3.62" });
    expect(rolling.discovery.services.find(({ type }) => type === "compute")?.release).toMatchObject({
      label: "2025.1 to 2025.2",
      evidence: "compute 2.100",
    });
    await become({ release: "2025.1" });
    const checked = await ada.client.call(endpoints.checkSite, { params: { name } });
    expect([releaseOf(checked), checked.state]).toEqual(["2025.1 to 2025.2", "fresh"]);
    expect((await show()).problem).toBeUndefined();
  });
});

test.concurrent("a region that a newer one replaced at its address shows its releases, and that it refuses us", async () => {
  await onVictoria({}, async ({ name, seen, show, become }) => {
    await become({ release: "2025.1", keep_state: false });
    await seen(releaseOf).toEqual("2025.1 to 2025.2");
    await seen(({ problem }) => problem?.type.split("/").at(-1)).toEqual("site-sign-in-failed");
    const { problem, discovery } = await show();
    expect(problem).toMatchObject({
      site: name,
      detail: expect.stringContaining("refuses this sign-in"),
      remedy: expect.stringContaining("remove the site and add it again"),
    });
    expect(discovery.release.evidence).toContain("Nova 2.100: 2025.1 to 2025.2");
    expect(discovery.services.map(({ state }) => state)).not.toContain("unavailable");
    const check = ada.client.call(endpoints.checkSite, { params: { name } });
    await expect(check).rejects.toMatchObject({ slug: "site-sign-in-failed" });
  });
});

test.concurrent("a replaced region that takes the old password is another one all the same", async () => {
  await onVictoria({ forbid_application_credentials: true }, async ({ seen, show, become }) => {
    await become({ release: "2025.1", keep_state: false });
    await seen(({ problem }) => problem?.detail.includes("the region was replaced")).toEqual(true);
    await seen(releaseOf).toEqual("2025.1 to 2025.2");
    expect((await show()).problem?.["remedy"]).toContain("Remove the site and add it again");
  });
});
