import type { Offer } from "@uniview/openstack";
import { expect, test } from "vitest";
import { broker } from "./broker.ts";

const nova = (max: string): Offer => ({ type: "compute", versions: { version: "v2.1", min: "2.1", max } });
const cinder = (max: string): Offer => ({
  type: "block-storage",
  versions: { version: "v3.0", min: "3.0", max },
});

test("a site that is new enough is asked as the client asks", () => {
  const call = { method: "GET", path: "/servers/detail", asked: "2.93", body: undefined };
  expect(broker(nova("2.93"), call)).toBeUndefined();
  expect(broker(nova("2.93"), { ...call, asked: "latest" })).toBeUndefined();
});

test("a server is made without what the site is too old for, and that is told", () => {
  const body = {
    server: { name: "a", hostname: "h", description: "d", networks: [{ uuid: "n", tag: "nic" }] },
  };
  const brokered = broker(nova("2.60"), { method: "POST", path: "/servers", asked: "2.96", body });
  expect(brokered?.microversion).toBe("2.60");
  expect(brokered?.body).toEqual({
    server: { name: "a", description: "d", networks: [{ uuid: "n", tag: "nic" }] },
  });
  expect(brokered?.degraded).toBe(
    "Nova 2.60 answers instead of 2.96. The hostname that the guest is told follows from the server's name.",
  );
  expect(body.server.hostname).toBe("h");
});

test("a lock loses its reason", () => {
  const brokered = broker(nova("2.60"), {
    method: "POST",
    path: "/servers/1/action",
    asked: "2.73",
    body: { lock: { locked_reason: "why" } },
  });
  expect(brokered?.body).toEqual({ lock: null });
  expect(brokered?.degraded).toContain("locked without saying why");
});

test("a snapshot of a volume in use is forced where that must be said", () => {
  const brokered = broker(cinder("3.62"), {
    method: "POST",
    path: "/snapshots",
    asked: "3.66",
    body: { snapshot: { volume_id: "v" } },
  });
  expect(brokered).toMatchObject({
    microversion: "3.62",
    body: { snapshot: { volume_id: "v", force: true } },
  });
});

test("a reading says what it cannot show", () => {
  const brokered = broker(nova("2.60"), {
    method: "GET",
    path: "/servers/detail",
    asked: "2.96",
    body: undefined,
  });
  expect(brokered?.body).toBeUndefined();
  expect(brokered?.degraded).toContain("the reason of a lock");
});
