import { Server } from "@uniview/api";
import { expect, test } from "vitest";
import type { Surroundings } from "./normalised.ts";
import { normaliseServer } from "./servers.ts";

const flavor = { id: "42", name: "m1.small", vcpus: 1, ram_mb: 2048, disk_gb: 20 };
const around: Surroundings = {
  project_id: "p1",
  flavors: new Map([
    ["42", flavor],
    ["m1.small", flavor],
  ]),
  images: new Map([["img-1", "debian-12"]]),
  networks: new Map(),
};

/** As Nova 2.1 (any release) gives it: flavor as a link, no tags, no `locked`. */
const OLDEST = {
  id: "s-1",
  name: "web-1",
  status: "ACTIVE",
  tenant_id: "p1",
  user_id: "u1",
  created: "2026-11-22T15:00:02Z",
  updated: "2026-11-22T15:00:12Z",
  hostId: "abc",
  progress: 0,
  flavor: { id: "42", links: [] },
  image: { id: "img-1", links: [] },
  addresses: {
    "demo-net": [
      {
        addr: "10.0.0.5",
        version: 4,
        "OS-EXT-IPS:type": "fixed",
        "OS-EXT-IPS-MAC:mac_addr": "fa:16:3e:0a:0b:0c",
      },
      {
        addr: "172.24.4.9",
        version: 4,
        "OS-EXT-IPS:type": "floating",
        "OS-EXT-IPS-MAC:mac_addr": "fa:16:3e:0a:0b:0c",
      },
      { addr: "fd00::5", version: 6, "OS-EXT-IPS:type": "fixed" },
    ],
  },
  metadata: { owner: "Eve" },
  key_name: null,
  security_groups: [{ name: "default" }, { name: "default" }, { name: "web" }],
  "OS-EXT-AZ:availability_zone": "nova",
  "OS-EXT-STS:vm_state": "active",
  "OS-EXT-STS:task_state": null,
  "OS-EXT-STS:power_state": 1,
  "os-extended-volumes:volumes_attached": [{ id: "v-1" }],
};

const complete = (facts: object | undefined) =>
  Server.parse({
    ...facts,
    id: "x",
    name: "x",
    site: "zed",
    project_id: "p1",
    project_name: "demo",
    status: null,
    created_at: null,
    updated_at: null,
    as_of: "2026-11-22T15:00:02.000Z",
  });

test("a server of the oldest microversion gets its flavor by id, and what it cannot tell is not made up", () => {
  const row = normaliseServer(OLDEST, around);
  expect(row).toMatchObject({ id: "s-1", status: "ACTIVE", created_at: "2026-11-22T15:00:02.000Z" });
  expect(complete(row?.facts)).toMatchObject({
    flavor,
    image: { id: "img-1", name: "debian-12" },
    tags: [],
    locked: false,
    key_name: null,
    security_groups: ["default", "web"],
    power_state: "running",
    volume_ids: ["v-1"],
  });
  expect(
    row?.facts.addresses.map(({ address, version, kind, mac }) => [address, version, kind, mac]),
  ).toEqual([
    ["10.0.0.5", 4, "fixed", "fa:16:3e:0a:0b:0c"],
    ["172.24.4.9", 4, "floating", "fa:16:3e:0a:0b:0c"],
    ["fd00::5", 6, "fixed", null],
  ]);
});

test("from 2.47 on the flavor is as it was when the server was made, and its id is found by its name", () => {
  const embedded = { original_name: "m1.small", vcpus: 2, ram: 4096, disk: 40, ephemeral: 0, swap: 0 };
  expect(normaliseServer({ ...OLDEST, flavor: embedded }, around)?.facts.flavor).toEqual({
    id: "42",
    name: "m1.small",
    vcpus: 2,
    ram_mb: 4096,
    disk_gb: 40,
  });
  const deleted = normaliseServer({ ...OLDEST, flavor: { ...embedded, original_name: "gone" } }, around);
  expect(deleted?.facts.flavor).toMatchObject({ id: null, name: "gone", vcpus: 2 });
});

test("a server that boots from a volume has no image, and one in a cell that is down little more than an id", () => {
  expect(normaliseServer({ ...OLDEST, image: "" }, around)?.facts.image).toBeNull();
  const down = normaliseServer(
    { id: "s-2", status: "UNKNOWN", tenant_id: "p1", created: "x", links: [] },
    around,
  );
  expect(down).toMatchObject({ name: "s-2", status: "UNKNOWN", created_at: null });
  complete(down?.facts);
});

test("it is found by name, id, addresses, MAC, metadata, flavor, image and network, whatever the case", () => {
  const search = normaliseServer(OLDEST, around)?.search ?? "";
  for (const word of [
    "web-1",
    "s-1",
    "10.0.0.5",
    "fd00::5",
    "fa:16:3e:0a",
    "owner=eve",
    "m1.small",
    "debian-12",
    "demo-net",
  ]) {
    expect(search).toContain(word);
  }
  expect(search).toBe(search.toLowerCase());
});

test("user data is not kept: it may hold passwords", () => {
  const row = normaliseServer({ ...OLDEST, "OS-EXT-SRV-ATTR:user_data": "I2Nsb3Vk" }, around);
  expect(JSON.stringify(row)).not.toContain("I2Nsb3Vk");
  expect(row?.raw).toMatchObject({ hostId: "abc" });
});
