import type { CapabilityCell, CapabilityColumn, CapabilityMatrix, CapabilityRow } from "@uniview/api";
import { expect, test } from "vitest";
import { serveContract } from "../../testing/contract-server.ts";
import { runCli } from "../../testing/run-cli.ts";

const AT = "2026-11-22T12:00:00.000Z";
const ZED = "11111111-1111-4111-8111-111111111111";
const TRAIN = "22222222-2222-4222-8222-222222222222";

const column = (id: string, site: string): CapabilityColumn => ({
  id,
  site,
  project_id: "p1",
  project_name: "demo",
  user_name: "demo",
  roles: ["member"],
  probed_at: AT,
  took_ms: 900,
  problems: [],
});
const cell = (column_id: string, changes: Partial<CapabilityCell> = {}): CapabilityCell => ({
  column_id,
  state: "yes",
  how: "attempt",
  detail: null,
  evidence: null,
  since: AT,
  checked_at: AT,
  ...changes,
});
const SNAPSHOT: CapabilityRow = {
  capability: "block-storage.create_snapshot",
  service: "block-storage",
  does: "snapshot a volume",
  rule: "volume:create_snapshot",
  differs: true,
  cells: [cell(ZED, { state: "no" }), cell(TRAIN)],
};
const LOCK: CapabilityRow = {
  capability: "compute.lock_server",
  service: "compute",
  does: "lock a server",
  rule: "os_compute_api:os-lock-server:lock",
  differs: false,
  cells: [cell(ZED, { how: "default_policy" }), cell(TRAIN, { how: "job" })],
};
const text = "zed lost volume:create_snapshot: project demo can no longer snapshot a volume.";
const MATRIX: CapabilityMatrix = {
  columns: [column(TRAIN, "train"), column(ZED, "zed")],
  rows: [LOCK, SNAPSHOT],
  changes: [
    {
      column_id: ZED,
      site: "zed",
      project_name: "demo",
      capability: SNAPSHOT.capability,
      from: "yes",
      to: "no",
      changed_at: AT,
      text,
    },
  ],
};
const SITE = {
  ...MATRIX,
  site: "zed",
  columns: [column(ZED, "zed")],
  operations: [
    {
      operation: "lock_server.reason",
      service: "compute",
      does: "keep the reason of a lock",
      state: "lesser" as const,
      how: "`lock` without a reason.",
      lost: "The server is locked without saying why.",
      microversion: null,
      wanted: "2.73",
      offered: "2.60",
    },
  ],
};

test("sites stand side by side, what is only a default says so, and changes follow", async () => {
  await using uniview = await serveContract({ getCapabilities: () => MATRIX });
  const { out, err, exit_code } = await runCli(["site", "capabilities"], { url: uniview.url });
  const lines = out.split("\n");
  expect(lines[0]).toMatch(/^Service +To +train +zed$/);
  expect(lines[1]).toMatch(/^compute +lock a server +✓ yes +~ yes by default$/);
  expect(lines[2]).toMatch(/^block-storage +snapshot a volume +✓ yes +✗ no$/);
  expect(out).toContain(text);
  expect([err, exit_code]).toEqual(["", 0]);
});

test("--differences leaves out what is the same everywhere", async () => {
  await using uniview = await serveContract({ getCapabilities: () => MATRIX });
  const { out } = await runCli(["site", "capabilities", "--differences", "--json"], { url: uniview.url });
  expect(JSON.parse(out).rows.map(({ capability }: CapabilityRow) => capability)).toEqual([
    "block-storage.create_snapshot",
  ]);
});

test("one site tells what each operation costs there", async () => {
  await using uniview = await serveContract({ getSiteCapabilities: () => SITE });
  const { out } = await runCli(["site", "capabilities", "zed"], { url: uniview.url });
  expect(out).toMatch(/What project demo may do as demo \(probed /);
  expect(out).toMatch(
    /compute +keep the reason of a lock +! with a loss +any +2\.73 +The server is locked without saying why\./,
  );
});

test("--probe asks the site, and tells with exit code 4 what could not be removed again", async () => {
  const left_behind = ["The volume v1 (uniview-probe-1) could not be deleted: busy"];
  await using uniview = await serveContract({
    probeSite: ({ body }) => ({
      ...SITE,
      left_behind: (body as { thorough: boolean }).thorough ? left_behind : [],
    }),
  });
  const quiet = await runCli(["site", "capabilities", "zed", "--probe"], { url: uniview.url });
  expect([quiet.exit_code, quiet.err]).toEqual([0, ""]);
  const { exit_code, err } = await runCli(["site", "capabilities", "zed", "--probe", "--thorough"], {
    url: uniview.url,
  });
  expect([exit_code, err]).toEqual([4, `✗ ${left_behind[0]}\n`]);
});

test("options that say nothing together are refused", async () => {
  expect((await runCli(["site", "capabilities", "--probe"])).exit_code).toBe(2);
  expect((await runCli(["site", "capabilities", "zed", "--thorough"])).exit_code).toBe(2);
});
