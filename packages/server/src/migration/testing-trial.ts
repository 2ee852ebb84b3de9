import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pickCloud, readCloudsYaml } from "@uniview/api";
import { createSession, type Session } from "@uniview/openstack";
import type { Server } from "@uniview/openstack/compute/server";
import { listServers } from "@uniview/openstack/compute/servers";
import { type Sandbox, startSandbox } from "@uniview/sandbox";
import type { Trial } from "@uniview/workflow/testing";
import { expect } from "vitest";
import { createTransfers } from "../transfers/create-transfers.ts";
import { coldMigration } from "./cold-migration.workflow.ts";
import type { MigrationOrders } from "./orders.ts";
import { makePlan } from "./plan.ts";
import { readSource } from "./source-facts.ts";
import type { MigrationDeps } from "./steps/step.ts";
import { readTarget } from "./target-facts.ts";
import { planRequest } from "./testing.ts";
import { type Built, buildSource, discardServers, leftAt } from "./testing-site.ts";

const SOURCE = "00000000-0000-4000-8000-000000000001";
const TARGET = "00000000-0000-4000-8000-000000000002";

interface World extends MigrationDeps {
  readonly orders: MigrationOrders;
  readonly built: Built;
}

/** Each of the three tests takes some twenty migrations. */
export const TRIAL_PATIENCE_MS = 900_000;

/**
 * What the migration's three tests run in, each in a file of its own so that they run side by side: two simulated
 * sites of different releases, a real mover with real bytes, and a server with a local root disk, a data volume, a
 * floating IP, a security group and a keypair of its own.
 */
export async function openTrial() {
  await using opened = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), "migration-"));
  opened.defer(() => rm(dir, { recursive: true, force: true }));
  const open = async (name: string, release: "victoria" | "2025.1") => {
    // Nothing waits on purpose, and guests write at their boot only: what is compared then stays as it is.
    const calm = { seed: "empty", transition_ms: 0, guest_interval_ms: 3_600_000 } as const;
    const small = { disk_bytes_per_gib: 2 ** 20 };
    const sandbox = await startSandbox({ name, release, dir: join(dir, name), ...calm, ...small });
    opened.defer(() => sandbox.close());
    const session = opened.adopt(signIn(sandbox), (each) => each.close());
    return { sandbox, session, before: await leftAt(session) };
  };
  const [from, to] = [await open("old", "victoria"), await open("new", "2025.1")];
  const transfers = opened.adopt(createTransfers({ data_dir: dir }), (each) => each.close());
  const connect = async (id: string) => (id === SOURCE ? from.session : to.session);
  const addedAt = async ({ session, before }: typeof from, besides: readonly string[] = []) =>
    (await leftAt(session)).filter((row) => !before.includes(row) && !besides.includes(row));

  const trial: Trial<MigrationOrders, World> = {
    workflow: coldMigration,
    input: ({ orders }) => orders,
    async makeDeps() {
      const built = await buildSource(from.session, "web");
      const orders = await orderMigration(from.session, to.session, built.server_id);
      return { orders, built, transfers, refresh: () => {}, connect };
    },
    async discardDeps() {
      await discardServers(from.session);
      await discardServers(to.session);
    },
  };
  const closing = opened.move();
  return {
    trial,
    async assertNothingLeft({ built }: World, about: string): Promise<void> {
      expect(await built.status(from.session), about).toBe("ACTIVE, unlocked");
      expect(await addedAt(from, built.own), about).toEqual([]);
      expect(await addedAt(to), about).toEqual([]);
    },
    async copyRuns(): Promise<boolean> {
      const nova = await to.session.service("compute");
      for await (const servers of listServers(nova)) if (servers.some(isActive)) return true;
      return false;
    },
    /** The copy runs and the source does not, whatever else was left undone. */
    async assertKept({ built }: World, about: string): Promise<void> {
      expect(await built.status(from.session), about).toMatch(/^SHUTOFF/);
      const kinds = (await addedAt(to)).map((row) => row.split(" ")[0]);
      for (const kind of ["floating-ip", "port", "server", "volume"]) expect(kinds, about).toContain(kind);
    },
    async assertMoved({ built }: World, about: string): Promise<void> {
      expect(await built.status(from.session), about).toBe("SHUTOFF, locked");
      expect(await addedAt(from, built.own), about).toEqual([]);
      const kinds = (await addedAt(to)).map((row) => row.split(" ")[0]);
      const whole = ["floating-ip", "image", "keypair", "port", "security-group", "server", "volume"];
      expect(kinds, about).toEqual(whole);
      const sources = (await from.sandbox.disks()).filter(({ server_id }) => server_id === built.server_id);
      const copies = (await to.sandbox.disks()).filter(({ server_id }) => server_id !== undefined);
      const wanted = sources.map(({ sha256 }) => sha256).toSorted();
      expect(copies.map(({ sha256_at_boot }) => sha256_at_boot).toSorted(), about).toEqual(wanted);
    },
    close: () => closing.disposeAsync(),
  };
}

function isActive({ status }: Server): boolean {
  return status === "ACTIVE";
}

function signIn({ clouds_yaml, name }: Sandbox): Session {
  const { auth, region_name } = pickCloud(readCloudsYaml(clouds_yaml), name).cloud;
  const { auth_url, username = "", password = "", project_name = "" } = auth;
  const { user_domain_name = "", project_domain_name = "" } = auth;
  const user = { username, password, user_domain_name, project_name, project_domain_name };
  return createSession({ auth_url, region_name, auth: { type: "password", ...user } });
}

async function orderMigration(from: Session, to: Session, server_id: string): Promise<MigrationOrders> {
  const source = await readSource("old", from, server_id);
  const target = await readTarget("new", to, "web");
  const project_id = source.server.tenant_id;
  const ends = {
    source: { site_project_id: SOURCE, project_id },
    target: { site_project_id: TARGET, project_name: "demo" },
  };
  const request = planRequest({ server: { site: "old", id: server_id } });
  const { orders, plan } = makePlan(request, source, target, ends, null);
  if (orders) return orders;
  throw new Error(JSON.stringify(plan.checks.filter(({ outcome }) => outcome === "fail")));
}
