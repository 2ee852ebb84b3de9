import {
  createVolume,
  deleteVolume,
  waitForVolume,
  waitForVolumeGone,
} from "../../src/block-storage/volumes.ts";
import { createServer } from "../../src/compute/create-server.ts";
import { listFlavors } from "../../src/compute/flavors.ts";
import { unlockServer } from "../../src/compute/server-actions.ts";
import { removeServer, waitForServer } from "../../src/compute/servers.ts";
import { unlessMissing } from "../../src/errors/openstack-error.ts";
import { type Image, listImages } from "../../src/image/images.ts";
import type { Degraded } from "../../src/negotiation/degraded.ts";
import { listNetworks, type Network } from "../../src/network/networks.ts";
import { createPort, deletePort } from "../../src/network/ports.ts";
import { collect } from "../../src/service/list-pages.ts";
import type { ServiceClient } from "../../src/service/service-client.ts";
import type { Auth } from "../../src/session/credentials.ts";
import { createSession } from "../../src/session/session.ts";
import type { Session } from "../../src/session/session-types.ts";

const GIB = 1024 ** 3;
const BOOT_TIMEOUT_MS = 10 * 60_000;

/** A site that the contract is tried on, as a member of one project: simulated or real, the same. */
export interface ContractSite {
  readonly name: string;
  /** Every name that the contract gives begins with this. */
  readonly prefix: string;
  readonly session: Session;
  readonly nova: ServiceClient;
  readonly cinder: ServiceClient;
  readonly glance: ServiceClient;
  readonly neutron: ServiceClient;
  readonly keystone: ServiceClient;
  /** What servers are booted from. */
  readonly image: Image;
  readonly flavor_id: string;
  readonly network: Network;
  /** One server for all clauses, ordered with everything that a server can be ordered with; made when first asked for. */
  server(): Promise<BuiltServer>;
  /** One volume of 1 GiB for all clauses. */
  volume(): Promise<string>;
  signIn(auth: Auth): Session;
  /** Done when all clauses are through, the last first. */
  later(remove: () => Promise<unknown>): void;
  close(): Promise<void>;
}

export interface BuiltServer {
  readonly id: string;
  readonly port_id: string;
  readonly hostname: string;
  readonly tag: string;
  readonly degraded: readonly Degraded[];
}

export interface Access {
  readonly name: string;
  readonly auth_url: string;
  readonly region_name: string;
  readonly auth: Auth;
  readonly prefix: string;
}

export async function openContractSite({
  name,
  auth_url,
  region_name,
  auth,
  prefix,
}: Access): Promise<ContractSite> {
  const signIn = (credentials: Auth) => createSession({ auth_url, region_name, auth: credentials });
  const session = signIn(auth);
  const [nova, cinder, glance, neutron, keystone] = await Promise.all([
    session.service("compute"),
    session.service("block-storage"),
    session.service("image"),
    session.service("network"),
    session.service("identity"),
  ]);
  const image = await smallestImage(glance);
  const removals: (() => Promise<unknown>)[] = [];
  const base = { name, prefix, session, nova, cinder, glance, neutron, keystone, image, signIn };
  const flavor_id = await smallestFlavor(nova, image);
  const network = await ownNetwork(neutron, session.project?.id);
  const later = (remove: () => Promise<unknown>) => removals.push(remove);
  return {
    ...base,
    flavor_id,
    network,
    later,
    server: once(() => buildServer({ ...base, flavor_id, network, later })),
    volume: once(() => makeVolume({ ...base, later })),
    async close() {
      const failures: unknown[] = [];
      for (const remove of removals.toReversed())
        await remove().catch((error: unknown) => failures.push(error));
      await session.close();
      if (failures.length > 0)
        throw new AggregateError(failures, `${name} is not clean again: ${failures.join(" ")}`);
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function smallestImage(glance: ServiceClient): Promise<Image> {
  const all = await collect(listImages(glance, { query: { status: "active" } }));
  const bootable = all.filter(
    ({ size, disk_format }) => (size ?? 0) > 0 && ["raw", "qcow2"].includes(disk_format ?? ""),
  );
  const [image] = bootable.sort((a, b) => (a.size ?? 0) - (b.size ?? 0));
  if (image === undefined) throw new Error("The contract needs a site with an active image to boot from.");
  return image;
}

async function smallestFlavor(
  nova: ServiceClient,
  { min_ram, min_disk, size, virtual_size }: Image,
): Promise<string> {
  const disk_gb = Math.max(1, min_disk, Math.ceil((virtual_size ?? size ?? 0) / GIB));
  const all = await collect(listFlavors(nova));
  const [flavor] = all
    .filter(({ ram, disk }) => ram >= min_ram && disk >= disk_gb)
    .sort((a, b) => a.ram - b.ram || a.disk - b.disk);
  if (flavor === undefined)
    throw new Error(`The contract needs a flavor with ${min_ram} MiB and ${disk_gb} GiB of disk.`);
  return flavor.id;
}

async function ownNetwork(neutron: ServiceClient, project_id: string | undefined): Promise<Network> {
  const all = await collect(listNetworks(neutron));
  const usable = all.filter((network) => network["router:external"] !== true && network.subnets.length > 0);
  const network = usable.find((one) => one.project_id === project_id) ?? usable[0];
  if (network === undefined)
    throw new Error("The contract needs a network with a subnet that the project may use.");
  return network;
}

type Grounds = Omit<ContractSite, "server" | "volume" | "close">;

async function buildServer(site: Grounds): Promise<BuiltServer> {
  const { nova, neutron, prefix, later } = site;
  const port = await createPort(neutron, { network_id: site.network.id, name: `${prefix}-nic` });
  later(() => unlessMissing(deletePort(neutron, port.id)));
  const [hostname, tag] = [`${prefix}-guest`, "contract"];
  const { id, degraded } = await createServer(nova, {
    name: `${prefix}-server`,
    flavorRef: site.flavor_id,
    imageRef: site.image.id,
    networks: [{ port: port.id, tag: "front" }],
    description: "What the contract is tried on.",
    tags: [tag],
    hostname,
    metadata: { contract: prefix },
  });
  later(async () => {
    await unlessMissing(unlockServer(nova, id));
    await removeServer(nova, id);
  });
  await waitForServer(nova, id, "ACTIVE", { timeout_ms: BOOT_TIMEOUT_MS });
  return { id, port_id: port.id, hostname, tag, degraded };
}

async function makeVolume({
  cinder,
  prefix,
  later,
}: Pick<Grounds, "cinder" | "prefix" | "later">): Promise<string> {
  const { id } = await createVolume(cinder, { name: `${prefix}-data`, size: 1 });
  later(() => removeVolume(cinder, id));
  await waitForVolume(cinder, id, "available");
  return id;
}

/** Fine when it is gone already. */
export async function removeVolume(cinder: ServiceClient, id: string): Promise<void> {
  await unlessMissing(deleteVolume(cinder, id));
  await waitForVolumeGone(cinder, id);
}
