import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRawDisk, openRepository, openStorage, parseKeyFile, writePoint } from "@uniview/repository";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type KeystoneGate, openKeystoneGate } from "../../repository/test/keystone-gate.ts";
import { FETCH_PATIENCE_MS, type SwiftServer, startSwift } from "../../repository/test/swift/swift-server.ts";
import { runCli } from "../src/testing/run-cli.ts";

const MIB = 1024 * 1024;
let home: string;
let swift: SwiftServer;
let keystone: KeystoneGate;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "uniview-rescue-"));
  swift = await startSwift();
  await swift.makeContainer("backups");
  keystone = await openKeystoneGate(swift);
  await writeFile(
    join(home, "clouds.yaml"),
    `clouds: { zed: { auth_type: v3applicationcredential, region_name: two, auth: {
       auth_url: "${keystone.url}/v3", application_credential_id: application, application_credential_secret: hunter2 } } }`,
  );
}, FETCH_PATIENCE_MS);
afterAll(async () => {
  await keystone?.[Symbol.asyncDispose]();
  await swift?.[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

/** Where a repository is, and what the environment of a rescuer holds. */
const PLACES: [string, () => { url: string; env: Record<string, string>; words: string[] }][] = [
  [
    "S3, with credentials of the environment",
    () => ({
      url: `s3://backups/by-s3?endpoint=${swift.url}`,
      env: { AWS_ACCESS_KEY_ID: swift.user, AWS_SECRET_ACCESS_KEY: swift.key },
      words: [],
    }),
  ],
  [
    "Swift, with an entry of a clouds.yaml",
    () => ({ url: "swift://backups/by-swift?settle_s=0", env: {}, words: ["--cloud", "zed"] }),
  ],
];

describe.each(PLACES)("in %s", (_, place) => {
  test("a backup is restored, checked, forgotten and collected by who has the storage and the key alone", async () => {
    const { url, env, words } = place();
    const key_file = join(home, `${randomBytes(4).toString("hex")}.key`);
    const repository = (...verb: string[]) =>
      runCli(["repository", ...verb, ...words], {
        home,
        env: { ...env, UNIVIEW_REPOSITORY: url, UNIVIEW_KEY_FILE: key_file, UNIVIEW_THREADS: "0" },
      });
    expect(await repository("init", "--tenant", "acme")).toMatchObject({ exit_code: 0 });

    const disk = Buffer.concat([randomBytes(3 * MIB), Buffer.alloc(4 * MIB), randomBytes(MIB + 512)]);
    await writeFile(join(home, "disk"), disk);
    const application = {
      OS_AUTH_URL: keystone.url,
      OS_REGION_NAME: "one",
      OS_APPLICATION_CREDENTIAL_ID: "application",
      OS_APPLICATION_CREDENTIAL_SECRET: "hunter2",
    };
    const storage = await openStorage(url, { ...env, ...application });
    const key = parseKeyFile(await readFile(key_file, "utf8"));
    const vault = await (await openRepository(storage, key, { threads: 0 })).openTenant("acme");
    {
      await using source = await openRawDisk(join(home, "disk"));
      await writePoint(vault, { disks: [{ name: "vda", source }] });
    }

    const target = `${key_file}.raw`;
    expect(await repository("restore", "latest", "--to", target)).toMatchObject({ err: "", exit_code: 0 });
    expect((await readFile(target)).equals(disk)).toBe(true);
    expect((await repository("check")).out).toContain("all as it was put");
    expect((await repository("forget", "latest")).exit_code).toBe(0);
    const { out } = await repository("gc", "--json");
    expect(JSON.parse(out).tenants[0].freed_bytes).toBeGreaterThan(4 * MIB);
    expect((await repository("points")).err).toContain("There is no recovery point.");
  });
});
