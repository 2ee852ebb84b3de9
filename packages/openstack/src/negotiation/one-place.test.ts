import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

const RESOURCES = ["compute", "block-storage"];

test("resources ask the table and say no microversion of their own", async () => {
  for (const folder of RESOURCES) {
    const path = join(import.meta.dirname, "..", folder);
    const files = (await readdir(path)).filter((file) => !file.endsWith(".test.ts"));
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) {
      const text = await readFile(join(path, file), "utf8");
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      expect(code, `${folder}/${file}`).not.toMatch(/"\d+\.\d+"|\.(best|supports)\(/);
    }
  }
});
