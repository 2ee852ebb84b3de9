import { expect, test } from "vitest";
import { configure, DEFAULT_PORT, readConfig } from "./config.ts";

test("flags win over the environment, and both over the defaults", () => {
  const env = { UNIVIEW_PORT: "1", UNIVIEW_HOST: "::1", DATABASE_URL: "postgres://db/uniview" };
  expect(readConfig(["--port", "2"], env)).toMatchObject({
    port: 2,
    host: "::1",
    database_url: env.DATABASE_URL,
  });
  expect(readConfig([], {})).toMatchObject({
    port: DEFAULT_PORT,
    host: "127.0.0.1",
    database_url: undefined,
  });
});

test("asking for help gives no configuration", () => {
  expect(readConfig(["--help"], {})).toBeUndefined();
});

test.each([
  [["--port", "http"], {}, "number from 0 to 65535"],
  [["--log-level", "loud"], {}, "give one of"],
  [[], { UNIVIEW_PUBLIC_URL: "uniview.example.org" }, "not an http or https URL"],
  [["--prot", "1"], {}, "--prot"],
])("a wrong setting is refused with what would be right", (args, env, said) => {
  expect(() => readConfig(args, env)).toThrow(said);
});

test("a public URL has no slash at its end", () => {
  expect(readConfig([], { UNIVIEW_PUBLIC_URL: "https://uniview.example.org/" })?.public_url).toBe(
    "https://uniview.example.org",
  );
  expect(configure({}).trusted_proxies).toEqual([]);
});
