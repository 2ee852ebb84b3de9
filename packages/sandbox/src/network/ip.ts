/** IPv4 addresses as numbers. The sandbox has no IPv6. */

export function parseIp(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

export function formatIp(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

export interface Cidr {
  first: number;
  last: number;
  text: string;
}

export function parseCidr(text: string): Cidr | undefined {
  const [address, bits] = text.split("/");
  const ip = parseIp(address ?? "");
  const prefix = /^\d{1,2}$/.test(bits ?? "") ? Number(bits) : 33;
  if (ip === undefined || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  const first = Math.floor(ip / size) * size;
  return { first, last: first + size - 1, text: `${formatIp(first)}/${prefix}` };
}

export function contains(cidr: string, address: string): boolean {
  const range = parseCidr(cidr);
  const ip = parseIp(address);
  return range !== undefined && ip !== undefined && ip >= range.first && ip <= range.last;
}
