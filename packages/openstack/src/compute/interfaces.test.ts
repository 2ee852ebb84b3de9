import { expect, test } from "vitest";
import { inGuestOrder, type ServerInterface } from "./interfaces.ts";

const nic = (mac_addr: string): ServerInterface => ({
  port_id: `port-${mac_addr}`,
  net_id: "n",
  mac_addr,
  port_state: "ACTIVE",
  fixed_ips: [],
});
const address = (mac: string) => ({ addr: "10.0.0.1", version: 4, "OS-EXT-IPS-MAC:mac_addr": mac }) as const;

test("the addresses of a server tell the order of its NICs, which the list of them does not", () => {
  const listed = [nic("aa:3"), nic("AA:1"), nic("aa:4"), nic("aa:2")];
  const addresses = { front: [address("aa:1"), address("aa:2"), address("aa:2")], back: [address("aa:3")] };
  expect(inGuestOrder(listed, addresses).map(({ mac_addr }) => mac_addr)).toEqual([
    "AA:1",
    "aa:2",
    "aa:3",
    "aa:4",
  ]);
});

test("without addresses they stay as they were listed", () => {
  const listed = [nic("aa:2"), nic("aa:1")];
  expect(inGuestOrder(listed, undefined)).toEqual(listed);
});
