import { BLANK, type Case, rootOf } from "./sides.ts";

/** What becomes of a new server on both sides of each boundary. */
export const BUILDING_SIDES: readonly Case[] = [
  [
    "create_server.description",
    async (nova, { order }) => (await order(nova, { description: "web" })).server.description === "web",
    [
      ["2.19", true],
      ["2.18", false],
    ],
  ],
  [
    "create_server.tags",
    async (nova, { order }) => {
      const { server, lost } = await order(nova, { tags: ["a"] });
      return [server.tags, lost];
    },
    [
      ["2.52", [["a"], []]],
      ["2.51", [["a"], []]],
      ["2.26", [["a"], []]],
      ["2.25", [[], ["create_server.tags"]]],
    ],
  ],
  [
    "create_server.hostname",
    async (nova, { order }) =>
      (await order(nova, { hostname: "kept" })).server["OS-EXT-SRV-ATTR:hostname"] === "kept",
    [
      ["2.90", true],
      ["2.89", false],
    ],
  ],
  [
    "create_server.no_network",
    async (nova, { order }) =>
      await order(nova, { networks: "none" }).then(
        ({ server }) => Object.keys(server.addresses ?? {}).length,
        (error: Error) => error.name,
      ),
    [
      ["2.37", 0],
      ["2.36", "NotOffered"],
    ],
  ],
  [
    "create_server.automatic_network",
    async (nova, { order }) => (await order(nova, { networks: "auto" })).lost,
    [
      ["2.37", []],
      ["2.36", ["create_server.automatic_network"]],
    ],
  ],
  [
    "create_server.nic_tag",
    async (nova, { site, order }) =>
      (await order(nova, { networks: [{ uuid: site.network.id, tag: "front" }] })).lost.length,
    [
      ["2.42", 0],
      ["2.41", 0],
      ["2.32", 0],
      ["2.31", 1],
    ],
  ],
  [
    "create_server.disk_tag",
    async (nova, { site, order }) =>
      (await order(nova, { block_device_mapping_v2: [rootOf(site), { ...BLANK, tag: "data" }] })).lost.length,
    [
      ["2.42", 0],
      ["2.41", 0],
      ["2.32", 0],
      ["2.31", 1],
    ],
  ],
  [
    "create_server.volume_type",
    async (nova, { site, order }) => {
      const types = await site.cinder.get<{ name: string }[]>("/types", { unwrap: "volume_types" });
      const volume_type = types.at(-1)?.name ?? "";
      const { disks } = await order(nova, {
        block_device_mapping_v2: [rootOf(site), { ...BLANK, volume_type }],
      });
      return disks.map((disk) => disk.volume_type === volume_type);
    },
    [
      ["2.67", [true]],
      ["2.66", [false]],
    ],
  ],
];
