import { expect, test } from "vitest";
import { onSite } from "../../test/on-site.ts";
import { createServerImage, lockServer } from "./server-actions.ts";
import { addServerTag } from "./server-metadata.ts";
import { removeServer, waitForServer } from "./servers.ts";
import { attachVolume } from "./volume-attachments.ts";

const bodyOf = (request: { body: Buffer } | undefined) => JSON.parse(request?.body.toString() ?? "null");

test("a lock keeps its reason from 2.73 on, and locks without one before", async () => {
  for (const [max, lost, lock] of [
    ["2.73", [], { locked_reason: "moving" }],
    ["2.72", ["lock_server.reason"], null],
  ] as const) {
    await onSite({ type: "compute", max }, async ({ client, answer, site }) => {
      answer("POST /servers/s1/action", { status: 202 });
      const notes = await lockServer(client, "s1", "moving");
      expect(notes.map(({ operation }) => operation)).toEqual(lost);
      expect(bodyOf(site.requests.at(-1))).toEqual({ lock });
    });
  }
});

test("the id of a new image is in the body from 2.45 on, and in the Location before", async () => {
  await onSite({ type: "compute", max: "2.45" }, async ({ client, answer }) => {
    answer("POST /servers/s1/action", { status: 202, json: { image_id: "i1" } });
    expect(await createServerImage(client, "s1", { name: "n" })).toBe("i1");
  });
  await onSite({ type: "compute", max: "2.44" }, async ({ client, answer }) => {
    answer("POST /servers/s1/action", {
      status: 202,
      headers: { location: "http://wrong.example/images/i2" },
    });
    expect(await createServerImage(client, "s1", { name: "n" })).toBe("i2");
  });
});

test("attaching never asks for the version that answers without a body", async () => {
  await onSite({ type: "compute", max: "2.104" }, async ({ client, answer, site }) => {
    answer("POST /servers/s1/os-volume_attachments", { json: { volumeAttachment: { volumeId: "v1" } } });
    await attachVolume(client, "s1", { volume_id: "v1", delete_on_termination: false });
    expect(site.requests.at(-1)?.headers["openstack-api-version"]).toBe("compute 2.79");
    expect(bodyOf(site.requests.at(-1))).toEqual({
      volumeAttachment: { volumeId: "v1", delete_on_termination: false },
    });
  });
});

test("an old site gets no field that it does not know", async () => {
  await onSite({ type: "compute", max: "2.25" }, async ({ client, answer, site }) => {
    answer("POST /servers/s1/os-volume_attachments", { json: { volumeAttachment: { volumeId: "v1" } } });
    await attachVolume(client, "s1", { volume_id: "v1", delete_on_termination: false, tag: "data" });
    expect(bodyOf(site.requests.at(-1))).toEqual({ volumeAttachment: { volumeId: "v1" } });
    expect(await addServerTag(client, "s1", "t")).toMatchObject([
      { operation: "tag_server.add", wanted: "2.26", got: null, offered: "2.25" },
    ]);
  });
});

test("waiting ends when the status is there and no task is under way", async () => {
  await onSite({ type: "compute", max: "2.93" }, async ({ client, answer }) => {
    const readings = [
      { id: "s1", status: "ACTIVE", "OS-EXT-STS:task_state": "powering-off" },
      { id: "s1", status: "SHUTOFF", "OS-EXT-STS:task_state": null },
    ];
    answer("GET /servers/s1", () => ({ json: { server: readings.shift() } }));
    expect(await waitForServer(client, "s1", "SHUTOFF")).toMatchObject({ status: "SHUTOFF" });
  });
});

test("waiting for a server that fails says why", async () => {
  await onSite({ type: "compute", max: "2.93" }, async ({ client, answer }) => {
    const fault = { code: 500, message: "No valid host was found.", created: "" };
    answer("GET /servers/s1", { json: { server: { id: "s1", status: "ERROR", fault } } });
    const waiting = waitForServer(client, "s1", "ACTIVE");
    await expect(waiting).rejects.toMatchObject({ kind: "failed", resource: "server", retryable: false });
    await expect(waiting).rejects.toThrow("No valid host was found.");
  });
});

test("waiting has an end", async () => {
  await onSite({ type: "compute", max: "2.93" }, async ({ client, answer }) => {
    answer("GET /servers/s1", { json: { server: { id: "s1", status: "BUILD" } } });
    const waiting = waitForServer(client, "s1", "ACTIVE", { timeout_ms: 0 });
    await expect(waiting).rejects.toMatchObject({ kind: "timeout", status: "BUILD" });
  });
});

test("removing a server that is gone already is fine", async () => {
  await onSite({ type: "compute", max: "2.93" }, async ({ client }) => {
    await removeServer(client, "s1");
  });
});
