import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const CHROMIUM = process.env["UNIVIEW_CHROMIUM"] ?? "/usr/bin/chromium";

/** The browser tests run in Debian's Chromium: installed here when it is missing and we may. */
export async function ensureChromium(): Promise<void> {
  if (existsSync(CHROMIUM)) return;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    console.error(
      `The browser tests need Chromium at ${CHROMIUM}: install it (Debian: apt-get install chromium) or set UNIVIEW_CHROMIUM.`,
    );
    process.exit(1);
  }
  console.error("Installing Chromium from Debian (once; about a minute) …");
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
    const { status, stderr } = spawnSync("apt-get", args, {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
    });
    if (status !== 0) {
      console.error(`apt-get ${args[0]} failed:\n${stderr}`);
      process.exit(1);
    }
  }
}
