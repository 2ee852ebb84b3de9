import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { job, plan, site, step } from "../testing/samples.ts";
import { renderJob } from "./job-view.ts";
import { paintFor, plain } from "./paint.ts";
import { renderPlan } from "./plan-view.ts";
import { renderProblem } from "./problem-view.ts";
import { renderProgress } from "./progress-view.ts";
import { renderSite } from "./site-view.ts";

const now = new Date("2026-11-22T12:02:00Z");

test("progress tells share, bytes, rate and time left", () => {
  const progress = {
    bytes_done: 1024 ** 3,
    bytes_total: 4 * 1024 ** 3,
    rate_bytes_per_s: 1024 ** 2,
    remaining_s: 75,
  };
  expect(renderProgress(progress, plain)).toBe(
    "━━━━━━──────────────────   25%  1 GiB of 4 GiB  1 MiB/s  1m 15s left",
  );
});

test("progress of an unknown whole tells what is known", () => {
  const progress = { bytes_done: 2048, bytes_total: null, rate_bytes_per_s: null, remaining_s: null };
  expect(renderProgress(progress, plain)).toBe("2 KiB");
});

test("a plan shows failed checks first, each with its remedy", () => {
  const checks = [
    ...plan().checks,
    {
      id: "quota.ram",
      title: "Quota of RAM",
      outcome: "fail" as const,
      detail: "512 MiB left",
      remedy: "Raise it.",
    },
  ];
  const text = renderPlan(plan({ checks, can_start: false }), plain, 100);
  expect(text.indexOf("✗ fail  Quota of RAM")).toBeLessThan(text.indexOf("! warn  MAC address"));
  expect(text).toContain("Raise it.");
  expect(text).toContain("about 1m 15s (the last transfer between the two)");
});

test("a job shows its steps with attempts, and the problem that it waits for", () => {
  const problem = {
    type: "https://uniview.dev/problems/site-unreachable",
    title: "The site does not answer",
    status: 502,
    detail: "epoxy does not answer: connection refused.",
    remedy: "It is tried again.",
    site: "epoxy",
    request_id: "req-1",
  };
  const text = renderJob(
    job("waiting", { steps: [step({ status: "waiting", attempt: 3 })], problem }),
    plain,
    now,
  );
  expect(text).toContain("◐ waiting    Copy the root disk  2m · attempt 3");
  expect(text).toContain(
    "✗ epoxy does not answer: connection refused.\n  It is tried again.\n  site epoxy · request req-1",
  );
});

test("a site shows each service with its versions, and what will not work", () => {
  const text = renderSite(site(), { paint: plain, width: undefined, now });
  expect(text).toMatch(/compute +● ok +v2.1 +2.1 to 2.93 +Zed +http:/);
  expect(text).toContain("Backups: there is no block storage");
  expect(text).toContain("application credential made by Uniview");
});

test("colours go to terminals only, and never with NO_COLOR", () => {
  const terminal = { isTTY: true, write: () => true };
  const pipe = { write: () => true };
  expect(paintFor(terminal, {})("red", "x")).not.toBe("x");
  expect(stripVTControlCharacters(paintFor(terminal, {})("red", "x"))).toBe("x");
  expect(paintFor(pipe, {})("red", "x")).toBe("x");
  expect(paintFor(terminal, { NO_COLOR: "1" })("red", "x")).toBe("x");
});

test("a problem lists each field at fault once", () => {
  const text = renderProblem(
    {
      type: "x/invalid-input",
      title: "The request is not valid",
      status: 400,
      detail: "name: too long",
      errors: [
        { field: "name", detail: "too long" },
        { field: "to", detail: "is needed" },
      ],
    },
    plain,
  );
  expect(text).toBe("✗ name: too long\n  to: is needed");
});
