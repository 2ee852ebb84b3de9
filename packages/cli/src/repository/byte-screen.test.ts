import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { createCli } from "../cli.ts";
import type { Sink } from "../surroundings.ts";
import { byteScreen } from "./byte-screen.ts";

const MIB = 1024 * 1024;

function cliAt(errors: Sink) {
  return createCli({
    env: {},
    cwd: "/",
    home: "/",
    host_name: "laptop",
    input: process.stdin,
    output: { write: () => true },
    errors,
    signal: new AbortController().signal,
  });
}

test("on a terminal what is done is drawn, and wiped away in the end", () => {
  let drawn = "";
  const terminal = { isTTY: true, columns: 100, write: (text: string) => (drawn += text) };
  {
    using screen = byteScreen(cliAt(terminal), "Restoring vda");
    screen.show(50 * MIB, 200 * MIB);
    screen.show(51 * MIB, 200 * MIB); // too soon for the eye
    expect(stripVTControlCharacters(drawn)).toMatch(/^Restoring vda {2}━+─+ {3}25% {2}50 MiB of 200 MiB\n$/);
    drawn = "";
  }
  expect(drawn).toBe("\u001B[1A\u001B[0J");
});

test("in a pipe nothing is said", () => {
  let drawn = "";
  using screen = byteScreen(cliAt({ write: (text) => (drawn += text) }), "Restoring vda");
  screen.show(1, 2);
  expect(drawn).toBe("");
});
