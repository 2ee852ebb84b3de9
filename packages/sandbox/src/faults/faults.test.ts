import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../options.ts";
import { openSite, SiteClient } from "../testing/site-client.ts";

let site: Sandbox & AsyncDisposable;
let demo: SiteClient;

beforeAll(async () => {
  site = await openSite();
  demo = await SiteClient.signIn(site);
});
afterEach(() => site.faults.clear());
afterAll(() => site[Symbol.asyncDispose]());

test("a fault answers in the service's dialect for the requests that it names, as often as it says", async () => {
  site.faults.set({ service: "compute", method: "GET", path: "^/v2.1/servers", status: 503, times: 1 });
  expect((await demo.ask("GET", "volume", "/volumes")).status).toBe(200);
  expect((await demo.ask("GET", "compute", "/flavors")).status).toBe(200);
  expect((await demo.ask("GET", "compute", "/servers")).body).toMatchObject({
    serviceUnavailable: { code: 503 },
  });
  expect((await demo.ask("GET", "compute", "/servers")).status).toBe(200);
});

test("a fault may come after the deed", async () => {
  site.faults.set({ service: "network", method: "POST", status: 504, body: "gateway timeout", after: true });
  const made = await demo.ask("POST", "network", "/networks", { json: { network: { name: "did-it" } } });
  expect(made).toMatchObject({ status: 504, text: "gateway timeout" });
  expect((await demo.list("network", "/networks?name=did-it", "networks")).length).toBe(1);
});

test("a hanging site accepts and never answers", async () => {
  site.faults.set({ service: "compute", hang: true });
  const signal = AbortSignal.timeout(200);
  const asked = fetch(`${demo.endpoint("compute")}/servers`, {
    signal,
    headers: { "x-auth-token": demo.token },
  });
  await expect(asked).rejects.toThrow("timeout");
});

test("a download breaks off after so many bytes", async () => {
  const [image] = await demo.list("image", "/images?name=cirros-0.6", "images");
  site.faults.set({ service: "image", path: "/file$", drop_after_bytes: 1_000_000 });
  const response = await fetch(`${demo.endpoint("image")}/images/${image?.["id"]}/file`, {
    headers: { "x-auth-token": demo.token },
  });
  let received = 0;
  const reading = (async () => {
    for await (const piece of response.body ?? []) received += piece.length;
  })();
  await expect(reading).rejects.toThrow();
  expect(received).toBeLessThanOrEqual(1_000_000);
});

test("an upload that breaks off leaves the image queued, and can be done again", async () => {
  const made = await demo.ask("POST", "image", "/images", {
    json: { name: "x", disk_format: "raw", container_format: "bare" },
  });
  const path = `/images/${made.body["id"]}/file`;
  const upload = { body: new Uint8Array(3_000_000), headers: { "content-type": "application/octet-stream" } };
  site.faults.set({ service: "image", method: "PUT", drop_upload_after_bytes: 1_000_000, times: 1 });
  await expect(demo.ask("PUT", "image", path, upload)).rejects.toThrow();
  await expect
    .poll(async () => (await demo.ask("GET", "image", `/images/${made.body["id"]}`)).body["status"])
    .toBe("queued");
  expect((await demo.ask("PUT", "image", path, upload)).status).toBe(204);
});

test("a site goes down and comes up on the same port", async () => {
  await site.faults.down();
  await expect(demo.ask("GET", "compute", "/servers")).rejects.toThrow();
  await site.faults.up();
  expect((await demo.ask("GET", "compute", "/servers")).status).toBe(200);
});

test("a policy may be denied to members", async () => {
  site.faults.set({ deny_policy: "volume:create" });
  const answer = await demo.ask("POST", "volume", "/volumes", { json: { volume: { size: 1 } } });
  expect(answer.body).toEqual({
    forbidden: { code: 403, message: "Policy doesn't allow volume:create to be performed." },
  });
});

test("all tokens expire at once", async () => {
  const other = await SiteClient.signIn(site);
  site.faults.expireTokens();
  expect((await other.ask("GET", "compute", "/servers")).status).toBe(401);
  demo = await SiteClient.signIn(site);
});

test("faults are set over HTTP too", async () => {
  const post = (body: unknown) =>
    fetch(`${site.url}/sandbox/faults`, { method: "POST", body: JSON.stringify(body) });
  expect((await post({ service: "image", status: 500 })).status).toBe(201);
  expect((await demo.ask("GET", "image", "/images")).status).toBe(500);
  await fetch(`${site.url}/sandbox/faults`, { method: "DELETE" });
  expect((await demo.ask("GET", "image", "/images")).status).toBe(200);
  await post({ quota: { service: "compute", project: "demo", limits: { cores: 1 } } });
  const quotas = await demo.get("compute", `/os-quota-sets/${demo.project_id}`, "quota_set");
  expect(quotas["cores"]).toBe(1);
});
