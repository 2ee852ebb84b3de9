import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openSite, SiteClient, untilGuest } from "./testing/site-client.ts";

test("a demo site remembers its servers over a restart, and its guests count on", async () => {
  const dir = await mkdtemp(join(tmpdir(), "sandbox-"));
  const first = await openSite({ dir, seed: "demo", keep_state: true });
  const guests = await first.guests();
  const counting = guests.find((guest) => guest.disks.length > 1 && guest.status === "running");
  if (counting === undefined) throw new Error("the demo has no running server with a data disk");
  const before = await untilGuest(first, counting.server_id, (guest) => guest.counter > 2);
  const { port, clouds_yaml } = first;
  await first.close();

  const second = await openSite({ dir, seed: "demo", keep_state: true, port });
  expect(second.clouds_yaml).toBe(clouds_yaml);
  const demo = await SiteClient.signIn(second);
  const servers = await demo.list("compute", "/servers/detail", "servers");
  expect(servers.map((server) => server["name"])).toContain("archive-1");
  expect(servers.find((server) => server["name"] === "legacy-app")).toMatchObject({
    status: "ERROR",
    fault: { code: 500, message: expect.stringContaining("No valid host") },
  });
  const after = await untilGuest(second, counting.server_id, (guest) => guest.counter > before.counter);
  expect(after.boots).toBe(before.boots + 1);
  await second.close();
  await rm(dir, { recursive: true });
});

test("the process says in one line of JSON where it is, and ends cleanly on SIGTERM", async () => {
  const dir = await mkdtemp(join(tmpdir(), "sandbox-"));
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child = spawn(process.execPath, [
    main,
    "--name",
    "alone",
    "--release",
    "victoria",
    "--dir",
    dir,
    "--seed",
    "empty",
  ]);
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const said = JSON.parse(line) as { name: string; auth_url: string; clouds_yaml: string };
  expect(said.name).toBe("alone");
  expect(said.clouds_yaml).toContain('"alone-admin"');
  expect((await fetch(said.auth_url)).status).toBe(200);
  child.kill("SIGTERM");
  expect((await once(child, "exit"))[0]).toBe(0);
  await rm(dir, { recursive: true });
});
