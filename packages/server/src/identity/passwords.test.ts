import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./passwords.ts";

test("a password fits its own hash, in any script, and no other does", async () => {
  const hash = await hashPassword("пароль 密码 🔑");
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(await verifyPassword("пароль 密码 🔑", hash)).toBe(true);
  expect(await verifyPassword("пароль 密码", hash)).toBe(false);
});

test("nobody's hash fits nothing", async () => {
  expect(await verifyPassword("anything", undefined)).toBe(false);
});

test("a hash made with other parameters still verifies: the parameters are in the hash", async () => {
  const { argon2Sync } = await import("node:crypto");
  const nonce = Buffer.alloc(16, 7);
  const parameters = { message: "secret", nonce, memory: 64, passes: 3, parallelism: 2, tagLength: 24 };
  const tag = argon2Sync("argon2id", parameters).toString("base64").replace(/=+$/, "");
  const hash = `$argon2id$v=19$m=64,t=3,p=2$${nonce.toString("base64").replace(/=+$/, "")}$${tag}`;
  expect(await verifyPassword("secret", hash)).toBe(true);
  expect(await verifyPassword("Secret", hash)).toBe(false);
});
