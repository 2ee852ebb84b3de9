import { expect, test } from "vitest";
import type { Token } from "./token.ts";
import { TokenKeeper } from "./token-keeper.ts";

const HOUR_MS = 3_600_000;

/** A Keystone with a clock that the test turns. */
function keystone(lifetime_ms = HOUR_MS) {
  const state = { now: Date.parse("2026-01-01T00:00:00Z"), given: 0, fails: false };
  const get = async (): Promise<Token> => {
    if (state.fails) throw new Error("away");
    state.given += 1;
    const named = { id: "u", name: "u", domain: { id: "default", name: "Default" } };
    const expires_at = new Date(state.now + lifetime_ms).toISOString();
    return {
      id: `t${state.given}`,
      expires_at,
      user: named,
      project: named,
      roles: [],
      methods: [],
      catalog: [],
    };
  };
  return { state, keeper: new TokenKeeper(get, () => state.now) };
}

test("many who ask at once cause one request", async () => {
  const { state, keeper } = keystone();
  const tokens = await Promise.all([keeper.current(), keeper.current(), keeper.current()]);
  expect(tokens.map((token) => token.id)).toEqual(["t1", "t1", "t1"]);
  expect(state.given).toBe(1);
});

test("a token is renewed before it ends", async () => {
  const { state, keeper } = keystone();
  await keeper.current();
  state.now += HOUR_MS - 6 * 60_000;
  expect((await keeper.current()).id).toBe("t1");
  state.now += 2 * 60_000;
  expect((await keeper.current()).id).toBe("t2");
});

test("a short-lived token is used for most of its life", async () => {
  const { state, keeper } = keystone(60_000);
  await keeper.current();
  state.now += 50_000;
  expect((await keeper.current()).id).toBe("t1");
  state.now += 5_000;
  expect((await keeper.current()).id).toBe("t2");
});

test("who needs a token for longer gets a new one, once", async () => {
  const { state, keeper } = keystone();
  await keeper.current();
  state.now += HOUR_MS - 15 * 60_000;
  expect((await keeper.current(10 * 60_000)).id).toBe("t1");
  expect((await keeper.current(20 * 60_000)).id).toBe("t2");
  expect((await keeper.current(20 * 60_000)).id).toBe("t2");
});

test("a refused token is forgotten, unless it has been replaced already", async () => {
  const { keeper } = keystone();
  await keeper.current();
  keeper.discard("t1");
  expect((await keeper.current()).id).toBe("t2");
  keeper.discard("t1");
  expect((await keeper.current()).id).toBe("t2");
});

test("a failure is told to who asked and not kept", async () => {
  const { state, keeper } = keystone();
  state.fails = true;
  await expect(keeper.current()).rejects.toThrow("away");
  state.fails = false;
  expect((await keeper.current()).id).toBe("t1");
});
