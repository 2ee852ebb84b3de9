import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, type SandboxOptions, startSandbox } from "@uniview/sandbox";
import { expect, test } from "vitest";
import { listVolumes } from "./block-storage/volumes.ts";
import { listServers } from "./compute/servers.ts";
import { createApplicationCredential } from "./identity/application-credentials.ts";
import { collect, createSession, describeOpenly, describeSite, type Session } from "./index.ts";

const AUTH = { type: "password", username: "demo", password: "password", project_name: "demo" } as const;

/** A Victoria site with a session that stays open while `become` puts another site at its address. */
async function onVictoria(
  use: (session: Session, become: (options: Partial<SandboxOptions>) => Promise<void>) => Promise<void>,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "uniview-upgrade-"));
  const start = (options: Partial<SandboxOptions>) =>
    startSandbox({ name: "here", release: "victoria", dir, seed: "empty", keep_state: true, ...options });
  let sandbox: Sandbox = await start({});
  const { auth_url, port } = sandbox;
  const first = createSession({ auth_url, auth: AUTH });
  const { user } = await first.token();
  const made = await createApplicationCredential(await first.service("identity"), user.id, { name: "ours" });
  await first.close();
  const auth = { type: "application_credential", id: made.id, secret: made.secret } as const;
  const session = createSession({ auth_url, auth });
  try {
    await use(session, async (options) => {
      await sandbox.close();
      sandbox = await start({ port, layout_of: "victoria", ...options });
    });
  } finally {
    await session.close();
    await sandbox.close();
    await rm(dir, { recursive: true, force: true });
  }
}

test("a site that is upgraded in place shows its new release to the session of before", async () => {
  await onVictoria(async (session, become) => {
    expect((await describeSite(session)).release.name).toBe("Victoria");
    await become({ release: "2025.1" });
    const { release, unavailable } = await describeSite(session);
    expect([release.name, release.confidence, unavailable]).toEqual(["2025.1 to 2025.2", "high", []]);
    expect((await session.service("compute")).versions.max).toBe("2.100");
  });
});

test("during a rolling upgrade the services differ, and each is told", async () => {
  await onVictoria(async (session, become) => {
    await become({ services: { compute: "2025.1" } });
    const { release } = await describeSite(session);
    expect(release).toMatchObject({
      name: "Victoria and 2025.1 to 2025.2 (services differ)",
      confidence: "mixed",
    });
    expect(release.evidence.map(({ text }) => text)).toEqual(
      expect.arrayContaining(["Nova 2.100: 2025.1 to 2025.2", "Cinder 3.62: Victoria"]),
    );
  });
});

test("a site whose URLs change with the upgrade is found by the catalog of a new token", async () => {
  await onVictoria(async (session, become) => {
    const { endpoint } = await session.service("block-storage");
    await become({ release: "2026.1", layout_of: "2026.1" });
    const { services, unavailable } = await describeSite(session);
    expect(unavailable).toEqual([]);
    expect(services.map(({ state }) => state)).not.toContain("unavailable");
    const cinder = await session.service("block-storage");
    expect([cinder.endpoint === endpoint, cinder.versions.max]).toEqual([false, "3.71"]);
    expect(await collect(listVolumes(cinder))).toEqual([]);
  });
});

test("a region that was replaced by another one refuses the credential, and yet tells its release", async () => {
  await onVictoria(async (session, become) => {
    const { services } = await describeSite(session);
    await become({ release: "2025.1", keep_state: false });
    const nova = await session.service("compute");
    await expect(collect(listServers(nova))).rejects.toMatchObject({ status: 401, service: "identity" });
    await expect(describeSite(session)).rejects.toMatchObject({ status: 401 });
    const seen = await describeOpenly(session, services);
    expect(seen.release).toMatchObject({ name: "2025.1 to 2025.2", confidence: "high" });
    expect(seen.services.map(({ state }) => state)).not.toContain("unavailable");
  });
});
