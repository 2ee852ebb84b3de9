import { expect, test } from "vitest";
import { sayDegraded } from "./degraded.ts";
import { degradedAt, negotiate, sayWhen } from "./negotiate.ts";
import { NotOffered } from "./not-offered.ts";

const nova = (max: string | undefined, min = "2.1") => ({
  type: "compute" as const,
  versions: max === undefined ? { version: "v2" } : { version: "v2.1", min, max },
});

test("what needs nothing asks for nothing", () => {
  expect(negotiate(nova("2.103"))).toEqual({ microversion: undefined, ways: {}, degraded: [] });
});

test("of several wishes the highest decides, and no more than that is asked for", () => {
  const { microversion, degraded } = negotiate(
    nova("2.103"),
    "create_server.description",
    "create_server.tags",
    "create_server.volume_type",
  );
  expect(microversion).toBe("2.67");
  expect(degraded).toEqual([]);
});

test("in the gap where device tags were missing, an older microversion is asked for", () => {
  for (const max of ["2.33", "2.38", "2.41"]) {
    const disk = negotiate(nova(max), "create_server.disk_tag");
    expect(disk).toMatchObject({ microversion: "2.32", ways: { "create_server.disk_tag": "early" } });
    expect(negotiate(nova(max), "create_server.nic_tag").microversion).toBe("2.32");
  }
  expect(negotiate(nova("2.42"), "create_server.disk_tag").microversion).toBe("2.42");
});

test("wishes that exclude each other lose the fewest", () => {
  const both = negotiate(nova("2.38"), "create_server.automatic_network", "create_server.disk_tag");
  expect(both.degraded).toHaveLength(1);
  const refused = negotiate(nova("2.38"), "create_server.no_network", "create_server.disk_tag");
  expect(refused.ways).toEqual({ "create_server.no_network": "none", "create_server.disk_tag": "none" });
  expect(refused.microversion).toBe("2.37");
});

test("an old call is still found where the site has long had the new one", () => {
  expect(negotiate(nova("2.104"), "attach_volume.plain").microversion).toBeUndefined();
  expect(negotiate(nova("2.104"), "attach_volume.plain", "attach_volume.tag").microversion).toBe("2.49");
});

test("a site that has raised its oldest microversion is taken at its word", () => {
  expect(negotiate(nova("2.103", "2.90"), "lock_server.reason")).toMatchObject({
    microversion: undefined,
    ways: { "lock_server.reason": "reason" },
    degraded: [],
  });
  expect(() => negotiate(nova("2.103", "2.101"), "attach_volume.plain")).toThrow(NotOffered);
});

test("a service without microversions does everything in the oldest way", () => {
  expect(negotiate(nova(undefined), "create_server.tags")).toMatchObject({
    microversion: undefined,
    degraded: [{ operation: "create_server.tags", wanted: "2.52", got: null, offered: null }],
  });
});

test("what cannot be done at all names the operation, what it needs and what there is", () => {
  expect(() => negotiate(nova("2.30"), "create_server.no_network")).toThrow(
    "This site's Nova offers microversions 2.1 to 2.30, which none of them allows: to make a server without any network (from 2.37).",
  );
});

test("a note says what is lost, what would have kept it and what the site has", () => {
  const [note] = negotiate(nova("2.60"), "create_server.hostname").degraded;
  expect(note).toMatchObject({ service: "compute", wanted: "2.90", got: null, offered: "2.60" });
  expect(note && sayDegraded(note, "amsterdam")).toBe(
    "The hostname that the guest is told follows from the server's name (that takes Nova 2.90, amsterdam has 2.60).",
  );
});

test("what a plan tells beforehand is what the calls will tell", () => {
  const names = ["lock_server.reason", "create_server.hostname", "create_snapshot.in_use"] as const;
  const told = degradedAt(nova("2.79"), names);
  expect(told).toEqual(names.slice(0, 2).flatMap((name) => negotiate(nova("2.79"), name).degraded));
});

test("microversions of a way are said shortly", () => {
  expect(sayWhen({ how: "", since: "2.42" })).toBe("from 2.42");
  expect(sayWhen({ how: "", since: "2.32", until: "2.36" })).toBe("2.32 to 2.36");
  expect(sayWhen({ how: "", since: "2.32", until: "2.32" })).toBe("2.32");
  expect(sayWhen({ how: "", until: "2.46" })).toBe("up to 2.46");
  expect(sayWhen({ how: "" })).toBe("any");
});
