import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "@uniview/sandbox";
import { configure, createServer } from "@uniview/server";
import { testDatabaseUrl } from "@uniview/server/db/testing";

/** A Uniview that nobody has opened yet, and two sites that it does not know. */
export interface House {
  readonly url: string;
  /** Path and token of the one-time link. */
  readonly setup_link: string;
  readonly zed: Sandbox;
  readonly epoxy: Sandbox;
  close(): Promise<void>;
}

export async function openHouse(): Promise<House> {
  await using opened = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), "uniview-e2e-"));
  opened.defer(() => rm(dir, { recursive: true, force: true }));
  const [zed, epoxy] = await Promise.all([
    startSandbox({ name: "zed", release: "zed", dir: join(dir, "zed") }),
    startSandbox({ name: "epoxy", release: "2025.1", dir: join(dir, "epoxy") }),
  ]);
  opened.defer(() => epoxy.close());
  opened.defer(() => zed.close());
  const server = await createServer(
    configure({
      port: 0,
      data_dir: join(dir, "data"),
      database_url: await testDatabaseUrl(),
      log_level: "silent",
      check_answers: true,
    }),
  );
  opened.defer(() => server.close());
  if (!server.setup_link) throw new Error("A new Uniview prints a setup link.");
  const closing = opened.move();
  return { url: server.url, setup_link: server.setup_link, zed, epoxy, close: () => closing.disposeAsync() };
}
