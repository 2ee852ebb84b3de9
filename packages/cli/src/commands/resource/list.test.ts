import { expect, test } from "vitest";
import { serveContract } from "../../testing/contract-server.ts";
import { runCli } from "../../testing/run-cli.ts";
import { FRESH, listOf, server, unreachable } from "../../testing/samples.ts";

test("a list is a table of what all sites have", async () => {
  await using uniview = await serveContract({ listServers: () => listOf([server()]) });
  const { exit_code, out, err } = await runCli(["server", "list"], { url: uniview.url });
  expect(out).toMatch(
    /^Name +Site +Status +Addresses +Flavor\nweb-1 +zed +● ACTIVE +10\.0\.0\.5 +m1\.small\n$/,
  );
  expect(err).toBe("");
  expect(exit_code).toBe(0);
});

test("words and filters make one query", async () => {
  await using uniview = await serveContract({ listServers: () => listOf([]) });
  await runCli(
    ["server", "list", "web", "10.0.0.", "--site", "zed", "--status", "ACTIVE", "--sort", "-created_at"],
    {
      url: uniview.url,
    },
  );
  expect(uniview.calls).toEqual([
    "GET /servers?q=web 10.0.0. site:zed status:active&limit=100&sort=-created_at",
  ]);
});

test("a list with a site that does not answer is printed, says so with its age, and exits with 5", async () => {
  await using uniview = await serveContract({
    listServers: () => listOf([server()], [FRESH, unreachable("epoxy")]),
  });
  const { exit_code, out, err } = await runCli(["server", "list"], { url: uniview.url });
  expect(out).toContain("web-1");
  expect(err).toMatch(
    /✗ unreachable {2}epoxy, as of \d+[smhd] ago: epoxy does not answer: connection timed out\./,
  );
  expect(exit_code).toBe(5);
});

test("JSON has items, sites and total", async () => {
  await using uniview = await serveContract({ listServers: () => listOf([server()]) });
  const { out } = await runCli(["server", "list", "--json"], { url: uniview.url });
  expect(JSON.parse(out)).toMatchObject({
    items: [{ id: server().id, name: "web-1", site: "zed", status: "ACTIVE" }],
    sites: [{ site: "zed", state: "fresh" }],
    total: { count: 1, exact: true },
  });
});

test("--all reads every page", async () => {
  await using uniview = await serveContract({
    listServers: ({ query }) =>
      query["cursor"] === "2"
        ? listOf([server({ name: "second" })])
        : { ...listOf([server({ name: "first" })]), next_cursor: "2" },
  });
  const { out } = await runCli(["server", "list", "--all", "--columns", "name"], { url: uniview.url });
  expect(out).toBe("Name\nfirst\nsecond\n");
});

test("a list that was cut says how much there is", async () => {
  await using uniview = await serveContract({
    listServers: () => ({ ...listOf([server()]), next_cursor: "2", total: { count: 1000, exact: false } }),
  });
  const { err } = await runCli(["server", "list", "--limit", "1"], { url: uniview.url });
  expect(err).toBe("1 of about 1,000 servers; --all prints every one\n");
});

test("a column that is not there is answered with those that are", async () => {
  const { exit_code, err } = await runCli(["server", "list", "--columns", "name,colour"]);
  expect(err).toContain('There is no column "colour".');
  expect(err).toContain("addresses");
  expect(exit_code).toBe(2);
});
