import { randomUUID } from "node:crypto";
import type { AvailabilityZone } from "../compute/availability-zones.ts";
import { isStatus } from "../errors/openstack-error.ts";
import type { ServiceClient } from "../service/service-client.ts";
import { type Attempt, attempt, nothingToTakeBack, refusedBy } from "./attempt.ts";
import type { Finding } from "./finding.ts";
import { look } from "./look.ts";
import { PROBE_PREFIX, type ProbedSite } from "./probed-site.ts";
import { zonesFound } from "./zones-found.ts";

/** A quota of metadata beyond this is not filled to see it refused. */
const MOST_METADATA = 1000;

/** What a role may do with servers. Each attempt names a flavor, volume, key or amount of metadata that cannot be. */
export async function probeCompute({ client }: ProbedSite): Promise<Finding[]> {
  const nova = await client("compute");
  const glance = () => client("image");
  const server_id = await anyServer(nova);
  const most_metadata = await imageMetadataLimit(nova);
  const findings = await Promise.all([
    attempt(createServer(nova)),
    attempt(importKeypair(nova)),
    attempt(attachVolume(nova, server_id)),
    attempt(createImage(nova, glance, server_id, most_metadata)),
    look<AvailabilityZone[]>({
      capability: "compute.availability_zones",
      how: "list",
      client: nova,
      path: "/os-availability-zone",
      unwrap: "availabilityZoneInfo",
      judge: zonesFound,
    }),
    look<{ alias: string }[]>({
      capability: "compute.server_groups",
      how: "list",
      client: nova,
      path: "/extensions",
      unwrap: "extensions",
      // Nova's list is fixed and named for show; a site that answers with none hides it.
      judge: (all) => {
        const has = all.some(({ alias }) => alias === "os-server-groups");
        return { state: has ? "yes" : "unknown", detail: `${all.length} extensions are listed` };
      },
    }),
  ]);
  return findings;
}

/** The flavor is looked up after the policies of servers, networks and volumes, and before anything else. */
function createServer(client: ServiceClient): Attempt {
  return {
    capability: "compute.create_server",
    client,
    path: "/servers",
    body: {
      server: {
        name: PROBE_PREFIX,
        flavorRef: randomUUID(),
        networks: [{ port: randomUUID() }],
        block_device_mapping_v2: [
          { uuid: randomUUID(), source_type: "volume", destination_type: "volume", boot_index: 0 },
        ],
      },
    },
    past: ({ status, reason }) => (status === 400 || status === 404) && /flavor/i.test(reason),
    takeBack: nothingToTakeBack,
  };
}

function importKeypair(client: ServiceClient): Attempt {
  const name = `${PROBE_PREFIX}-${randomUUID()}`;
  return {
    capability: "compute.import_keypair",
    client,
    path: "/os-keypairs",
    body: { keypair: { name, public_key: "not a key" } },
    past: ({ status, reason }) =>
      (status === 400 && /keypair data|fingerprint/i.test(reason)) ||
      (status === 403 && /quota/i.test(reason)),
    takeBack: () => client.delete(`/os-keypairs/${name}`),
  };
}

/** Without a server of one's own a made-up one is named; before Ussuri (2.80) the policy was asked first even then. */
function attachVolume(client: ServiceClient, server_id: string | undefined): Attempt {
  return {
    capability: "compute.attach_volume",
    client,
    path: `/servers/${server_id ?? randomUUID()}/os-volume_attachments`,
    body: { volumeAttachment: { volumeId: randomUUID() } },
    past: ({ status, reason }) => (status === 404 && /volume/i.test(reason)) || status === 409,
    takeBack: nothingToTakeBack,
  };
}

/**
 * More metadata than an image may have: refused right after the policy, by its own quota (below 2.39, which is what no
 * microversion asks for). Where there is no such quota, or no server, a made-up server is named.
 */
function createImage(
  client: ServiceClient,
  glance: () => Promise<ServiceClient>,
  server_id: string | undefined,
  most_metadata: number | undefined,
): Attempt {
  const known = server_id !== undefined && most_metadata !== undefined;
  const items = known ? most_metadata + 1 : 0;
  const metadata = Object.fromEntries(
    Array.from({ length: items }, (_, at) => [`${PROBE_PREFIX}-${at}`, ""]),
  );
  return {
    capability: "compute.create_image",
    client,
    path: `/servers/${known ? server_id : randomUUID()}/action`,
    body: { createImage: { name: PROBE_PREFIX, metadata } },
    past: refusedBy(403, /metadata limit exceeded|quota exceeded/i),
    takeBack: async ({ headers }) => {
      const id = headers["location"]?.split("/").at(-1);
      if (id !== undefined) await (await glance()).delete(`/images/${id}`);
    },
  };
}

async function anyServer(nova: ServiceClient): Promise<string | undefined> {
  const servers = await nova.get<{ id: string }[]>("/servers", { query: { limit: 1 }, unwrap: "servers" });
  return servers[0]?.id;
}

async function imageMetadataLimit(nova: ServiceClient): Promise<number | undefined> {
  try {
    const { absolute } = await nova.get<{ absolute: { maxImageMeta?: number } }>("/limits", {
      unwrap: "limits",
    });
    const most = absolute.maxImageMeta ?? -1;
    return most >= 0 && most <= MOST_METADATA ? most : undefined;
  } catch (error) {
    if (isStatus(error, 403, 404)) return undefined;
    throw error;
  }
}
