import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openConsole } from "../console.ts";
import { RUN } from "../guest.ts";
import { type OpenstackEnvironment, openstack, openstackJson } from "../openstack-client.ts";
import type { Region } from "../region.ts";
import type { Report } from "../report.ts";
import { until } from "../until.ts";
import type { Scenario } from "../world.ts";

const PROJECT = "demo";
const MIB = 1024 * 1024;
/** Large at one region, where it shows that nothing is kept in memory; small at the others, which are slow. */
const LARGE_IMAGE_MIB = 1024;
const SMALL_IMAGE_MIB = 64;
const VOLUME_MS = 300_000;
/** What only looks; each must work with each region, and in `global`. */
const LISTS: readonly (readonly string[])[] = [
  ["server", "list", "--long"],
  ["flavor", "list"],
  ["keypair", "list"],
  ["image", "list", "--long"],
  ["volume", "list", "--long"],
  ["volume", "snapshot", "list"],
  ["network", "list", "--long"],
  ["subnet", "list"],
  ["port", "list"],
  ["router", "list"],
  ["floating", "ip", "list"],
  ["security", "group", "list"],
];
/** What only a site has. */
const LISTS_OF_A_SITE: readonly (readonly string[])[] = [
  // 2.latest of a newer client is refused by an older site, directly as well
  ["server", "list", "--os-compute-api-version", "2.87"],
  ["quota", "show"],
  ["limits", "show", "--absolute"],
  ["availability", "zone", "list"],
  ["volume", "type", "list"],
  ["extension", "list", "--network"],
  ["versions", "show"],
];

interface Row {
  readonly ID: string;
  readonly Name: string;
}

export const gatewayOpenstack: Scenario = {
  name: "gateway-openstack",
  title: "Debian's openstack command works at every site through one credential, and in all of them at once",
  async run({ regions, uniview, report }) {
    const { auth_url, username, password } = uniview.credentials;
    const by_password = {
      OS_AUTH_URL: auth_url,
      OS_USERNAME: username,
      OS_PASSWORD: password,
      OS_PROJECT_NAME: PROJECT,
      OS_USER_DOMAIN_NAME: "Default",
      OS_PROJECT_DOMAIN_NAME: "Default",
    };
    await tries(report, "by password", by_password, [
      ["token", "issue"],
      ["catalog", "list"],
      ["project", "list"],
    ]);
    const name = `${RUN}-gateway`;
    const credential = await openstackJson<{ id: string; secret: string }>(
      by_password,
      "application",
      "credential",
      "create",
      name,
    );
    const by_credential = {
      OS_AUTH_URL: auth_url,
      OS_AUTH_TYPE: "v3applicationcredential",
      OS_APPLICATION_CREDENTIAL_ID: credential.id,
      OS_APPLICATION_CREDENTIAL_SECRET: credential.secret,
    };
    try {
      await tries(report, "by application credential", by_credential, [["token", "issue"]]);
      for (const region of regions) {
        const here = { ...by_credential, OS_REGION_NAME: region.name };
        await tries(report, region.name, here, [...LISTS, ...LISTS_OF_A_SITE]);
        await useSite(report, region, here);
        const size_mib = region === regions.at(-1) ? LARGE_IMAGE_MIB : SMALL_IMAGE_MIB;
        await imageThereAndBack(report, region, here, size_mib);
      }
      await tries(report, "global", { ...by_credential, OS_REGION_NAME: "global" }, LISTS);
      await sameInGlobal(report, regions, by_credential);
    } finally {
      await openstack(by_password, "application", "credential", "delete", name);
    }
    const after = await openstack(by_credential, "token", "issue").then(
      () => "it still signs in",
      () => undefined,
    );
    report.check("a deleted application credential signs in no more", after === undefined, after);
  },
};

async function tries(
  report: Report,
  where: string,
  environment: OpenstackEnvironment,
  commands: readonly (readonly string[])[],
): Promise<void> {
  for (const command of commands) {
    const problem = await openstack(environment, ...command).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    report.check(`${where}: openstack ${command.join(" ")}`, problem === undefined, problem);
  }
}

/** Makes one of everything, and takes it away again whatever went wrong. */
async function useSite(report: Report, region: Region, here: OpenstackEnvironment): Promise<void> {
  const name = `${RUN}-gateway`;
  const undo: string[][] = [];
  const make = async (noun: string[], args: string[], undo_args: string[] = []) => {
    await openstack(here, ...noun, "create", ...args, name);
    undo.unshift([...noun, "delete", ...undo_args, name]);
    report.check(`${region.name}: openstack ${noun.join(" ")} create`, true);
  };
  try {
    await make(["keypair"], []);
    await make(["security", "group"], []);
    await openstack(here, "security", "group", "rule", "create", "--proto", "tcp", "--dst-port", "22", name);
    await make(["port"], ["--network", "demo-net"]);
    await make(["volume"], ["--size", "1", "--image", "osbed-guest"]);
    await until(`${region.name}: the boot volume`, VOLUME_MS, async () => {
      const { status } = await openstackJson<{ status: string }>(here, "volume", "show", name);
      return status === "available" ? status : undefined;
    });
    await make(
      ["server"],
      [
        ...["--flavor", "m1.nano", "--volume", name, "--network", "demo-net"],
        ...["--key-name", name, "--security-group", name, "--wait"],
      ],
      ["--wait"],
    );
    const server = await openstackJson<{ status: string; id: string }>(here, "server", "show", name);
    report.check(
      `${region.name}: the server runs from its volume`,
      server.status === "ACTIVE",
      server.status,
    );
    const [listed] = (await openstackJson<Row[]>(here, "server", "list", "--name", name)) ?? [];
    report.check(`${region.name}: a list by name finds it`, listed?.ID === server.id, listed);
    await tries(report, region.name, here, [["console", "log", "show", name]]);
    await consoleUrl(report, region.name, here, name);
    await openstack({ ...here, OS_REGION_NAME: "global" }, "server", "set", "--property", "a=b", server.id);
    const { properties } = await openstackJson<{ properties: unknown }>(here, "server", "show", name);
    report.check(
      `${region.name}: a change in global reaches the server`,
      JSON.stringify(properties).includes("b"),
      properties,
    );
  } catch (error) {
    report.check(`${region.name}: a server with all it needs is made`, false, String(error));
  } finally {
    for (const command of undo) await tries(report, region.name, here, [command]);
  }
}

/** The URL leads to the gateway, and there to the screen of the guest. */
async function consoleUrl(
  report: Report,
  region: string,
  here: OpenstackEnvironment,
  server: string,
): Promise<void> {
  const { url } = await openstackJson<{ url: string }>(here, "console", "url", "show", server);
  const { host } = new URL(here["OS_AUTH_URL"] ?? "");
  report.check(`${region}: the console is at the gateway's address`, new URL(url).host === host, url);
  const seen = await openConsole(url);
  const shown = seen.status === 200 && seen.type.startsWith("text/html");
  report.check(`${region}: the console's page comes through the gateway`, shown, seen);
  const greets = seen.greeting.startsWith("RFB ");
  report.check(`${region}: the guest's VNC server answers through it`, greets, seen);
}

async function imageThereAndBack(
  report: Report,
  { name: region }: Region,
  here: OpenstackEnvironment,
  size_mib: number,
): Promise<void> {
  const name = `${RUN}-gateway`;
  const dir = await mkdtemp(join(tmpdir(), "uniview-gateway-image-"));
  const [sent, came] = [join(dir, "sent.raw"), join(dir, "came.raw")];
  try {
    await writeNoise(sent, size_mib);
    await report.time(`${region}: ${size_mib} MiB up through the gateway`, () =>
      openstack(here, "image", "create", "--disk-format", "raw", "--file", sent, name),
    );
    await report.time(`${region}: ${size_mib} MiB down through the gateway`, () =>
      openstack(here, "image", "save", "--file", came, name),
    );
    const [before, after] = [await digestOf(sent), await digestOf(came)];
    report.check(`${region}: ${size_mib} MiB come back with the same checksum`, before === after);
  } catch (error) {
    report.check(`${region}: an image goes up and comes down`, false, String(error));
  } finally {
    await rm(dir, { recursive: true, force: true });
    await tries(report, region, here, [["image", "delete", name]]);
  }
}

/** A list in `global` has what the lists of the sites have. */
async function sameInGlobal(
  report: Report,
  regions: readonly Region[],
  credential: OpenstackEnvironment,
): Promise<void> {
  for (const noun of ["image", "network", "security group"]) {
    const ids = async (region: string) => {
      const rows = await openstackJson<Row[]>(
        { ...credential, OS_REGION_NAME: region },
        ...noun.split(" "),
        "list",
      );
      return rows.map(({ ID }) => ID);
    };
    const of_sites = (await Promise.all(regions.map(({ name }) => ids(name)))).flat().sort();
    const of_all = (await ids("global")).sort();
    const same = of_sites.join() === of_all.join();
    report.check(`global: ${noun} list has what the sites have`, same, { of_sites, of_all });
  }
}

/** Bytes that no layer can squeeze or skip. */
async function writeNoise(path: string, size_mib: number): Promise<void> {
  await using file = await open(path, "w");
  for (let n = 0; n < size_mib; n += 1) await file.write(randomBytes(MIB));
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest("hex");
}
