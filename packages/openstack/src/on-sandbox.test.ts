import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox } from "@uniview/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listServers } from "./compute/servers.ts";
import { collect, createSession, describeSite, type Session } from "./index.ts";

/** How sites end and come back; what they do meanwhile is the contract (`test/contract`). */
describe.each([
  ["queens", "Queens"],
  ["train", "Train"],
  ["victoria", "Victoria"],
  ["zed", "Zed"],
  ["2025.1", "2025.1 to 2025.2"],
  ["2026.1", "2026.1 or newer"],
] as const)("on a simulated site of %s", (release, seen) => {
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let session: Session;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "uniview-openstack-"));
    sandbox = await startSandbox({ name: "here", release, dir, seed: "empty", transition_ms: 1 });
    const { auth_url } = sandbox;
    const auth = { type: "password", username: "demo", password: "password", project_name: "demo" } as const;
    session = createSession({ auth_url, auth, region_name: "here" });
  });

  afterAll(async () => {
    await session.close();
    await sandbox.close();
    await rm(dir, { recursive: true, force: true });
  });

  test("its release is recognised and everything is there", async () => {
    const description = await describeSite(session);
    expect(description).toMatchObject({ release: { name: seen, confidence: "high" }, unavailable: [] });
    expect(description.services.filter((service) => service.state === "unavailable")).toEqual([]);
  });

  test("tokens that the site ends are renewed without a word", async () => {
    const nova = await session.service("compute");
    sandbox.faults.expireTokens();
    expect(await collect(listServers(nova))).toEqual([]);
  });

  test("a site that is down is unreachable, and well again when it is up", async () => {
    const nova = await session.service("compute");
    await sandbox.faults.down();
    await expect(collect(listServers(nova))).rejects.toMatchObject({
      name: "SiteUnreachable",
      retryable: true,
    });
    await sandbox.faults.up();
    expect(await collect(listServers(nova))).toEqual([]);
  });
});
