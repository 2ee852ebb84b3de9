import { expect, test } from "vitest";
import { type Call, serveContract } from "../testing/contract-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { FRESH, listOf, server, unreachable } from "../testing/samples.ts";

const ALL = [
  server(),
  server({ id: "22222222-2222-4222-8222-222222222222", site: "epoxy" }),
  server({ id: "33333333-3333-4333-8333-333333333333", name: "web-10" }),
  server({ id: "44444444-4444-4444-8444-444444444444", name: "prod/db" }),
];

/** Searches as the server does: words of the query within the rows. */
const answers = {
  listServers: ({ query }: Call) => {
    const [, , word = ""] = /(name|id):"([^"]*)"/.exec(query["q"] ?? "") ?? [];
    const [, site] = /site:(\S+)/.exec(query["q"] ?? "") ?? [];
    const items = ALL.filter((row) => `${row.name} ${row.id}`.includes(word) && (!site || row.site === site));
    return listOf(items, [FRESH, unreachable("oslo")]);
  },
  getServer: ({ params }: Call) => ({
    item: ALL.find(({ id }) => id === params["id"]),
    raw: {},
    volumes: [],
    ports: [],
    actions: [],
  }),
};

async function show(...words: string[]) {
  await using uniview = await serveContract(answers);
  const { exit_code, out, err } = await runCli(["server", "show", ...words, "--json"], { url: uniview.url });
  const json = JSON.parse(out || err);
  return { exit_code, ...json };
}

test("a name that several servers have is answered with each of them and its site", async () => {
  expect(await show("web-1")).toMatchObject({
    exit_code: 1,
    detail:
      '2 servers are called "web-1": zed/11111111-1111-4111-8111-111111111111, epoxy/22222222-2222-4222-8222-222222222222.',
    remedy: "Say which: zed/web-1, or --site.",
  });
});

test.each([
  [["zed/web-1"], "11111111-1111-4111-8111-111111111111"],
  [["web-1", "--site", "epoxy"], "22222222-2222-4222-8222-222222222222"],
  [["web-10"], "33333333-3333-4333-8333-333333333333"],
  [["33333333-3333-4333-8333-333333333333"], "33333333-3333-4333-8333-333333333333"],
  [["prod/db"], "44444444-4444-4444-8444-444444444444"],
  [["zed/prod/db"], "44444444-4444-4444-8444-444444444444"],
])("%j is the server %s", async (words, id) => {
  expect(await show(...words)).toMatchObject({ exit_code: 0, id, status: "ACTIVE" });
});

test("what is not found may be at a site that does not answer", async () => {
  expect(await show("mail")).toMatchObject({
    exit_code: 1,
    status: 404,
    detail: 'No server has the id or name "mail". oslo did not answer when last read: it may be there.',
    remedy: "See what there is: uniview server list",
  });
});
