import type { Vault } from "@uniview/repository";
import { readyThreads } from "@uniview/repository/thread/ready-threads";

// One operation of the engine in a process of its own, which loads what it needs for that one: a module takes half a millisecond.
// usage: engine-process.ts init FOLDER | write FOLDER DISK | restore FOLDER FILE

const [what, folder = "", path = ""] = process.argv.slice(2);
if (what !== "init") readyThreads(); // as the CLI does: they start while the rest is loaded

const [
  { initRepository, openRepository },
  { createRepositoryKey, formatKeyFile, parseKeyFile },
  { localFolder },
] = await Promise.all([
  import("@uniview/repository/repository"),
  import("@uniview/repository/seal/repository-key"),
  import("@uniview/repository/storage/local-folder"),
]);

const TENANT = "bench";
/** The key is no secret here: it seals what is deleted a minute later. */
const KEY = parseKeyFile(process.env["BENCH_KEY"] ?? formatKeyFile(createRepositoryKey()));

async function openVault(): Promise<Vault> {
  return (await openRepository(localFolder(folder), KEY)).openTenant(TENANT);
}

async function init(): Promise<void> {
  const storage = localFolder(folder);
  await initRepository(storage, { hash: process.env["BENCH_HASH"] === "blake3" ? "blake3" : "sha256" });
  await (await openRepository(storage, KEY)).addTenant(TENANT);
}

async function write(): Promise<void> {
  const [{ openRawDisk }, { fileExtents }, { writePoint }] = await Promise.all([
    import("@uniview/repository/operation/disk-source"),
    import("@uniview/repository/operation/disk-source-extents"),
    import("@uniview/repository/operation/write-point"),
  ]);
  const vault = await openVault();
  await using source = await openRawDisk(path, { extents: fileExtents(path) });
  const { figures } = await writePoint(vault, { disks: [{ name: "vda", source }] });
  console.log(JSON.stringify(figures));
}

async function restore(): Promise<void> {
  const [{ listPoints }, { exportRaw }] = await Promise.all([
    import("@uniview/repository/point/recovery-point"),
    import("@uniview/repository/operation/export-raw"),
  ]);
  const vault = await openVault();
  const disk = (await listPoints(vault)).at(-1)?.disks[0];
  if (!disk) throw new Error(`${folder} holds no recovery point`);
  await exportRaw(vault, disk, path);
}

if (what === "init") await init();
else if (what === "write") await write();
else if (what === "restore") await restore();
else throw new Error(`"${what}" is none of init, write, restore`);
