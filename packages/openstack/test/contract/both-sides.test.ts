import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox } from "@uniview/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importKeypair } from "../../src/compute/keypairs.ts";
import { OPERATION_NAMES } from "../../src/negotiation/operations.ts";
import type { Session } from "../../src/session/session-types.ts";
import { ATTACHING_SIDES } from "./attaching-sides.ts";
import { BUILDING_SIDES } from "./building-sides.ts";
import { type ContractSite, openContractSite } from "./contract-site.ts";
import { COPYING_SIDES } from "./copying-sides.ts";
import { PLACING_SIDES } from "./placing-sides.ts";
import { READING_SIDES } from "./reading-sides.ts";
import { type Admin, endingAt, sidesOf } from "./sides.ts";
import { STORAGE_SIDES } from "./storage-sides.ts";

/**
 * Every operation of the table, really called on both sides of each of its boundaries. The site is the newest; it is
 * shown to the client as one that ends at a microversion, and answers as that microversion does.
 */
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let site: ContractSite;
let admin: Admin;
let admin_session: Session;
let dir: string;

const PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG3mZ0m0dU7hfo0TtS5HbBmBLnwOS8BaRsNVLVkE7mZ4 sides";
const CASES = [
  ...READING_SIDES,
  ...BUILDING_SIDES,
  ...PLACING_SIDES,
  ...ATTACHING_SIDES,
  ...STORAGE_SIDES,
  ...COPYING_SIDES,
];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "uniview-both-sides-"));
  sandbox = await startSandbox({ name: "here", release: "2026.1", dir, seed: "empty", transition_ms: 1 });
  const auth = { type: "password", username: "demo", password: "password", project_name: "demo" } as const;
  const { auth_url } = sandbox;
  site = await openContractSite({ name: "here", auth_url, region_name: "here", auth, prefix: "sides" });
  const as_admin = {
    type: "password",
    username: "admin",
    password: "secret",
    project_name: "admin",
  } as const;
  admin_session = site.signIn(as_admin);
  const [nova, cinder, glance, neutron] = await Promise.all([
    admin_session.service("compute"),
    admin_session.service("block-storage"),
    admin_session.service("image"),
    admin_session.service("network"),
  ]);
  admin = { nova, cinder, glance, neutron };
  for (const key of ["sides-a", "sides-b"]) await importKeypair(site.nova, key, PUBLIC_KEY);
});

afterAll(async () => {
  await admin_session.close();
  await site.close();
  await sandbox.close();
  await rm(dir, { recursive: true, force: true });
});

test("no operation of the table is left out", () => {
  expect(CASES.map(([name]) => name).sort()).toEqual([...OPERATION_NAMES].sort());
});

const SIDES = CASES.flatMap(([name, look, sides]) =>
  sides.map(([max, seen]) => [name, max, look, seen] as const),
);

test.each(SIDES)("%s on a site that ends at %s", async (_, max, look, seen) => {
  const client = max.startsWith("2.") ? site.nova : site.cinder;
  expect(await look(endingAt(client, max), sidesOf(site, admin))).toEqual(seen);
});
