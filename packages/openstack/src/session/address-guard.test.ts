import { expect, test } from "vitest";
import { allowAddress } from "./address-guard.ts";

test.each([
  "127.0.0.1",
  "10.77.1.2",
  "192.168.1.1",
  "172.16.0.1",
  "8.8.8.8",
  "::1",
  "fd00::1",
  "2001:db8::1",
])("%s may be a private OpenStack", (ip) => {
  expect(allowAddress(ip)).toBe(true);
});

test.each([
  "169.254.169.254",
  "169.254.0.1",
  "fe80::1",
  "::ffff:169.254.169.254",
  "fd00:ec2::254",
  "0.0.0.0",
  "::",
  "224.0.0.1",
  "nonsense",
])("%s is never connected to", (ip) => {
  expect(allowAddress(ip)).toBe(false);
});
