import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CloudEntry, pickCloud, readCloudsYaml } from "@uniview/api";
import { createSession, type Session } from "@uniview/openstack";
import { type Sandbox, startSandbox } from "@uniview/sandbox";
import { everyStepCanFail, everyStepCanRepeat, everyUndoCanRepeat } from "@uniview/workflow/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTransfers } from "../transfers/create-transfers.ts";
import type { Transfers } from "../transfers/transfers.ts";
import { coldMigration } from "./cold-migration.workflow.ts";
import type { MigrationOrders } from "./orders.ts";
import { makePlan } from "./plan.ts";
import { readSource } from "./source-facts.ts";
import type { MigrationDeps } from "./steps/step.ts";
import { readTarget } from "./target-facts.ts";
import { planRequest } from "./testing.ts";
import { type Built, buildSource, leftAt } from "./testing-site.ts";

/**
 * The three tests of every workflow, over two simulated sites of different releases, with a real mover and real
 * bytes: a server with a local root disk, a data volume, a floating IP, a security group and a keypair of its own.
 */

const SOURCE = "00000000-0000-4000-8000-000000000001";
const TARGET = "00000000-0000-4000-8000-000000000002";

interface World extends MigrationDeps {
  readonly orders: MigrationOrders;
  readonly built: Built;
}

let dir: string;
let sites: { old: Sandbox; new: Sandbox };
let sessions: { old: Session; new: Session };
let transfers: Transfers;
let before: { old: string[]; new: string[] };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "migration-"));
  // Nothing waits on purpose, and guests write at their boot only: what is compared then stays as it is.
  const site = (name: string, release: "victoria" | "2025.1") =>
    startSandbox({
      name,
      release,
      dir: join(dir, name),
      seed: "empty",
      transition_ms: 0,
      guest_interval_ms: 3_600_000,
    });
  sites = { old: await site("old", "victoria"), new: await site("new", "2025.1") };
  const session = (sandbox: Sandbox) =>
    createSession(credentialsOf(pickCloud(readCloudsYaml(sandbox.clouds_yaml), sandbox.name).cloud));
  sessions = { old: session(sites.old), new: session(sites.new) };
  transfers = createTransfers({ data_dir: dir });
  before = { old: await leftAt(sessions.old), new: await leftAt(sessions.new) };
});

afterAll(async () => {
  await transfers?.close();
  for (const each of Object.values(sessions ?? {})) await each.close();
  for (const each of Object.values(sites ?? {})) await each.close();
  await rm(dir, { recursive: true, force: true });
});

function credentialsOf({ auth, region_name }: CloudEntry) {
  const {
    auth_url,
    username = "",
    password = "",
    project_name = "",
    user_domain_name = "",
    project_domain_name = "",
  } = auth;
  return {
    auth_url,
    region_name,
    auth: {
      type: "password" as const,
      username,
      password,
      user_domain_name,
      project_name,
      project_domain_name,
    },
  };
}

async function makeWorld(): Promise<World> {
  const built = await buildSource(sessions.old, "web");
  const source = await readSource("old", sessions.old, built.server_id);
  const target = await readTarget("new", sessions.new, "web");
  const project_id = source.server.tenant_id;
  const ends = {
    source: { site_project_id: SOURCE, project_id },
    target: { site_project_id: TARGET, project_name: "demo" },
  };
  const { orders, plan } = makePlan(
    planRequest({ server: { site: "old", id: built.server_id } }),
    source,
    target,
    ends,
    null,
  );
  if (!orders) throw new Error(JSON.stringify(plan.checks.filter(({ outcome }) => outcome === "fail")));
  return {
    orders,
    built,
    transfers,
    refresh: () => {},
    connect: async (id) => (id === SOURCE ? sessions.old : sessions.new),
  };
}

/** Takes away what a run was given and what it rightly left, so that the next one finds the sites as they were. */
async function discardWorld({ built }: World): Promise<void> {
  await built.discard(sessions.old);
  await built.discardCopies(sessions.new);
}

const trial = {
  workflow: coldMigration,
  input: ({ orders }: World) => orders,
  makeDeps: makeWorld,
  discardDeps: discardWorld,
};

async function assertNothingLeft({ built }: World, about: string): Promise<void> {
  expect(await built.status(sessions.old), about).toBe("ACTIVE, unlocked");
  expect(
    (await leftAt(sessions.old)).filter((row) => !built.own.includes(row)),
    about,
  ).toEqual(before.old);
  expect(await leftAt(sessions.new), about).toEqual(before.new);
}

test("whichever step fails, the source runs again and nothing is left at either site", {
  timeout: 600_000,
}, async () => {
  await everyStepCanFail(trial, assertNothingLeft);
});

test("whichever undo runs twice, the source runs again and nothing is left at either site", {
  timeout: 600_000,
}, async () => {
  await everyUndoCanRepeat(trial, assertNothingLeft);
});

test("whichever step runs twice, there is one copy with the source's bytes, and the source is off and locked", {
  timeout: 600_000,
}, async () => {
  await everyStepCanRepeat(trial, async ({ built }, about) => {
    expect(await built.status(sessions.old), about).toBe("SHUTOFF, locked");
    expect(
      (await leftAt(sessions.old)).filter((row) => !built.own.includes(row)),
      about,
    ).toEqual(before.old);
    const added = (await leftAt(sessions.new))
      .filter((row) => !before.new.includes(row))
      .map((row) => row.split(" ")[0]);
    expect(added.toSorted(), about).toEqual([
      "floating-ip",
      "image",
      "keypair",
      "port",
      "security-group",
      "server",
      "volume",
    ]);
    const [was, is] = [await sites.old.disks(), await sites.new.disks()];
    const source = was.filter(({ server_id }) => server_id === built.server_id).map(({ sha256 }) => sha256);
    const copies = is
      .filter(({ server_id }) => server_id !== undefined)
      .map(({ sha256_at_boot }) => sha256_at_boot);
    expect(copies.toSorted(), about).toEqual(source.toSorted());
  });
});
