import type { RequestRecord } from "@uniview/openstack";
import { expect, test } from "vitest";
import { imagedServer, learnFromCall } from "./learn-from-call.ts";

const call = (more: Partial<RequestRecord>): RequestRecord => ({
  service: "compute",
  method: "POST",
  path: "/compute/v2.1/servers/a-1/action",
  url_host: "site:443",
  attempt: 1,
  status: 202,
  request_id: undefined,
  microversion: undefined,
  duration_ms: 1,
  ...more,
});

test("a call that went well says that it may be made", () => {
  const learned = [
    call({ action: "createImage" }),
    call({ path: "/compute/v2.1/servers" }),
    call({ service: "block-storage", path: "/volume/v3/0a1b/snapshots" }),
    call({ service: "block-storage", path: "/volume/v3/volumes/v/action", action: "os-extend" }),
    call({ service: "image", path: "/image/v2/images", status: 201 }),
  ].map(learnFromCall);
  expect(learned.map((finding) => [finding?.capability, finding?.state, finding?.how])).toEqual([
    ["compute.create_image", "yes", "job"],
    ["compute.create_server", "yes", "job"],
    ["block-storage.create_snapshot", "yes", "job"],
    ["block-storage.extend_volume", "yes", "job"],
    ["image.create", "yes", "job"],
  ]);
});

test("a refusal tells by the rule that it names, and nothing where it names none", () => {
  const reason =
    "Policy doesn't allow os_compute_api:servers:create_image:allow_volume_backed to be performed.";
  expect(learnFromCall(call({ status: 403, action: "createImage", reason }))).toMatchObject({
    capability: "compute.create_image_volume_backed",
    state: "no",
    how: "job",
    evidence: { status: 403, said: reason },
  });
  const silent = [
    call({ status: 403, reason: "Quota exceeded for instances" }),
    call({ status: 403, service: "network", reason: "(rule:create_port and …) is disallowed by policy" }),
    call({ status: 409, action: "lock", reason: "locked" }),
    call({ method: "GET", path: "/compute/v2.1/servers", status: 200 }),
    call({ status: undefined }),
  ];
  expect(silent.map(learnFromCall)).toEqual(silent.map(() => undefined));
});

test("an image that was made names its server", () => {
  expect(imagedServer(call({ action: "createImage" }))).toBe("a-1");
  expect(imagedServer(call({ action: "lock" }))).toBeUndefined();
  expect(imagedServer(call({ action: "createImage", status: 409 }))).toBeUndefined();
});
