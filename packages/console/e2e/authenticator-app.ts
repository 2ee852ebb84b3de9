import { createHmac } from "node:crypto";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const STEP_S = 30;
const DIGITS = 6;

/** What an authenticator app shows for this key (RFC 6238), written down a second time: the server's own is tried. */
export function codeOf(key: string, at_s = Date.now() / 1000): string {
  const bits = [...key].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at_s / STEP_S)));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const from = (mac.at(-1) ?? 0) & 0x0f;
  const number = mac.readUInt32BE(from) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}
