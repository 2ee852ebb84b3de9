import assert from "node:assert/strict";
import { listSnapshots } from "../../src/block-storage/snapshots.ts";
import { listVolumes } from "../../src/block-storage/volumes.ts";
import type { Finding } from "../../src/capabilities/finding.ts";
import { type ProbeResult, probeCapabilities } from "../../src/capabilities/probe-capabilities.ts";
import { PROBE_PREFIX } from "../../src/capabilities/probed-site.ts";
import { listKeypairs } from "../../src/compute/keypairs.ts";
import { listServers } from "../../src/compute/servers.ts";
import { listImages } from "../../src/image/images.ts";
import { listPorts } from "../../src/network/ports.ts";
import { collect } from "../../src/service/list-pages.ts";
import type { Clause } from "./clause.ts";
import type { ContractSite } from "./contract-site.ts";

/** What the services' own policies let a member do on every release; a site that denies one of these is no plain one. */
const MEMBERS_MAY: Readonly<Record<"compute" | "block-storage" | "image" | "network", readonly string[]>> = {
  compute: [
    "compute.create_server",
    "compute.create_image",
    "compute.attach_volume",
    "compute.import_keypair",
  ],
  "block-storage": ["block-storage.create_volume_from_image", "block-storage.extend_volume"],
  image: ["image.create", "image.download"],
  network: ["network.create_port", "network.create_floating_ip"],
};
const ON_OWN_NETWORK = ["network.mac_on_own_network", "network.address_on_own_network"];
const ON_SHARED_NETWORK = ["network.mac_on_shared_network", "network.address_on_shared_network"];

const probed = new WeakMap<ContractSite, Promise<ProbeResult>>();

/** One probe for all clauses and the page, once the project has a server and a volume to name. */
export function probeOnce(site: ContractSite): Promise<ProbeResult> {
  const known = probed.get(site);
  if (known !== undefined) return known;
  const probe = (async () => {
    await Promise.all([site.server(), site.volume()]);
    return await probeCapabilities(site.session);
  })();
  probed.set(site, probe);
  return probe;
}

export const CAPABILITY_CLAUSES: readonly Clause[] = [
  {
    service: "identity",
    says: "What a role may do is asked by requests that cannot succeed, and none of them leaves anything",
    async try(site) {
      const { problems, findings } = await probeOnce(site);
      assert.deepEqual(problems, []);
      assert.deepEqual(await leftAt(site), []);
      tried(findings, "identity.create_application_credential");
      return [];
    },
  },
  ...Object.entries(MEMBERS_MAY).map(
    ([service, capabilities]): Clause => ({
      service: service as keyof typeof MEMBERS_MAY,
      says: `It is told that a member may ${capabilities.map((one) => (one.split(".")[1] ?? "").replaceAll("_", " ")).join(", ")}`,
      async try(site) {
        const { findings } = await probeOnce(site);
        for (const capability of capabilities) tried(findings, capability);
        return [];
      },
    }),
  ),
  {
    service: "network",
    says: "It is told that a member may choose MAC and address on a network of its own, and not on one that is shared",
    async try(site) {
      const { findings } = await probeOnce(site);
      const { project } = await site.session.token();
      if (site.network.project_id === project?.id) for (const name of ON_OWN_NETWORK) tried(findings, name);
      for (const name of ON_SHARED_NETWORK) {
        const found = of(findings, name);
        assert.equal(found?.state, "no", `${name}: ${JSON.stringify(found)}`);
      }
      return [];
    },
  },
  {
    service: "block-storage",
    says: "A thorough probe makes a volume and a snapshot, and leaves neither",
    async try(site) {
      const { findings, left_behind } = await probeCapabilities(site.session, { thorough: true });
      assert.deepEqual(left_behind, []);
      tried(findings, "block-storage.create_volume");
      tried(findings, "block-storage.create_snapshot");
      assert.deepEqual(await leftAt(site), []);
      return [];
    },
  },
];

function of(findings: readonly Finding[], capability: string): Finding | undefined {
  return findings.find((finding) => finding.capability === capability);
}

/** Told by an attempt, and told yes. */
function tried(findings: readonly Finding[], capability: string): void {
  const { state, how } = of(findings, capability) ?? {};
  const told = `${capability}: ${JSON.stringify(of(findings, capability))}`;
  assert.deepEqual({ state, how }, { state: "yes", how: "attempt" }, told);
}

/** What the probe gave a name, of everything that the project has; others may be at work in it. */
async function leftAt({ nova, cinder, glance, neutron }: ContractSite): Promise<string[]> {
  const lists = await Promise.all([
    collect(listServers(nova)),
    collect(listKeypairs(nova)),
    collect(listVolumes(cinder)),
    collect(listSnapshots(cinder)),
    collect(listImages(glance)),
    collect(listPorts(neutron)),
  ]);
  return lists
    .flat()
    .map(({ name }) => name ?? "")
    .filter((name) => name.startsWith(PROBE_PREFIX));
}
