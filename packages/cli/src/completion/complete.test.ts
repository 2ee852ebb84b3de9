import { expect, test } from "vitest";
import { serveContract } from "../testing/contract-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { listOf, server, site } from "../testing/samples.ts";

async function candidates(words: string[], url?: string): Promise<string[]> {
  const { out } = await runCli(["__complete", "--", ...words], url ? { url } : {});
  return out.split("\n").filter(Boolean);
}

test("nouns, then their verbs, then their options", async () => {
  expect(await candidates(["se"])).toEqual(["second-factor", "security-group", "server"]);
  expect(await candidates(["server", "st"])).toEqual(["start", "stop"]);
  expect(await candidates(["server", "stop", "web-1", "--w"])).toEqual(["--wait"]);
});

test("an option with a choice offers its choices", async () => {
  expect(await candidates(["site", "add", "zed", "--interface", ""])).toEqual([
    "admin",
    "internal",
    "public",
  ]);
});

test("hidden commands are not offered", async () => {
  expect(await candidates([""])).not.toContain("__complete");
});

test("sites and servers come from Uniview, with or without the site before them", async () => {
  await using uniview = await serveContract({
    listSites: () => ({ items: [site(), site({ name: "epoxy" })] }),
    listServers: () => listOf([server(), server({ name: "web-2", site: "epoxy" })]),
  });
  expect(await candidates(["migration", "start", "web-1", "--to", ""], uniview.url)).toEqual([
    "epoxy",
    "zed",
  ]);
  expect(await candidates(["server", "show", "we"], uniview.url)).toEqual(["web-1", "web-2"]);
  expect(await candidates(["server", "show", "zed/"], uniview.url)).toEqual(["zed/web-1"]);
});

test("without a Uniview there is nothing to offer, and no error either", async () => {
  expect(await candidates(["server", "show", ""])).toEqual([]);
});
