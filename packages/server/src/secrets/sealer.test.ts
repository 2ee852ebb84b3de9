import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSealer } from "./sealer.ts";
import { readSecretKey } from "./secret-key.ts";

const sealer = createSealer(randomBytes(32));

test("whatever is sealed opens again under the same label, and only there", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), fc.string(), (text, label, other) => {
      const sealed = sealer.seal(text, label);
      expect(sealer.open(sealed, label)).toBe(text);
      if (other !== label) expect(() => sealer.open(sealed, other)).toThrow("cannot be opened");
    }),
    { numRuns: 50 },
  );
});

test("a changed byte, wherever it is, is noticed", () => {
  const sealed = sealer.seal("secret", "row 1");
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(() => sealer.open(changed, "row 1")).toThrow("cannot be opened");
  }
});

test("another key does not open it, and says which key is needed", () => {
  const sealed = sealer.seal("secret", "row 1");
  expect(() => createSealer(randomBytes(32)).open(sealed, "row 1")).toThrow("Bring back the former key");
});

test("the same text is never sealed to the same bytes, and has one fingerprint a key", () => {
  expect(sealer.seal("secret", "x")).not.toEqual(sealer.seal("secret", "x"));
  expect(sealer.fingerprint("secret")).toBe(sealer.fingerprint("secret"));
  expect(sealer.fingerprint("secret")).not.toBe(createSealer(randomBytes(32)).fingerprint("secret"));
});

test("the key is made once, readable by its owner only, and given ones win", async () => {
  const data_dir = await mkdtemp(join(tmpdir(), "uniview-key-"));
  const made = await readSecretKey({ data_dir });
  expect(await readSecretKey({ data_dir })).toEqual(made);
  expect((await stat(join(data_dir, "secret.key"))).mode & 0o777).toBe(0o600);
  const given = randomBytes(32);
  expect(await readSecretKey({ data_dir, secret_key: given.toString("hex") })).toEqual(given);
  const secret_key_file = join(data_dir, "other.key");
  await writeFile(secret_key_file, given.toString("base64"));
  expect(await readSecretKey({ data_dir, secret_key_file })).toEqual(given);
  await expect(readSecretKey({ data_dir, secret_key: "short" })).rejects.toThrow("32 bytes");
  expect((await readFile(join(data_dir, "secret.key"), "utf8")).trim()).toBe(made.toString("base64"));
  await rm(data_dir, { recursive: true });
});
