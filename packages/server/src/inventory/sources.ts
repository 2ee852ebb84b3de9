import type { ResourceKind } from "@uniview/api";
import {
  collect,
  isLastPage,
  type SentRows,
  type ServiceType,
  type Session,
  spellRows,
} from "@uniview/openstack";
import { getVolume, listVolumes } from "@uniview/openstack/block-storage/volumes";
import { getFlavor, listFlavors } from "@uniview/openstack/compute/flavors";
import { getKeypair, listKeypairs } from "@uniview/openstack/compute/keypairs";
import { getServerAsSent, listServersAsSent } from "@uniview/openstack/compute/servers";
import { getImage, listImages } from "@uniview/openstack/image/images";
import { getNetwork, listNetworks } from "@uniview/openstack/network/networks";
import { getPort, listPorts } from "@uniview/openstack/network/ports";
import { getSecurityGroup, listSecurityGroups } from "@uniview/openstack/network/security-groups";
import { listSubnets } from "@uniview/openstack/network/subnets";
import { SUBNETS_FIELD } from "./normalise/networks.ts";
import { SERVER_FIELDS } from "./transcribe/server-fields.ts";

/** How one kind is read at a site, over any release. */
export interface Source {
  readonly service: ServiceType;
  /** Pages of resources; `changes_since` is given only where {@link tells_changes}. */
  pages(session: Session, options: PageOptions): SentPages | Promise<SentPages>;
  /** One resource by id. @throws OpenStackError 404 */
  one(session: Session, id: string): Promise<SentRows>;
  /** Can say what changed since an instant, and what was deleted since. */
  readonly tells_changes: boolean;
}

export interface SentPageRows extends SentRows {
  /** It is known that no other follows. */
  readonly is_last: boolean;
}

export type SentPages = AsyncGenerator<SentPageRows, void>;

export interface PageOptions {
  readonly changes_since: string | undefined;
  readonly signal: AbortSignal;
}

/** What services give at most by their default settings; a site that gives less goes on by its own links. */
const PAGE_SIZE = 500;

export const SOURCES: Readonly<Record<ResourceKind, Source>> = {
  servers: {
    service: "compute",
    tells_changes: true,
    pages: async (session, { changes_since, signal }) =>
      listServersAsSent(
        await session.service("compute"),
        { changes_since, signal, page_size: PAGE_SIZE },
        SERVER_FIELDS,
      ),
    one: async (session, id) => getServerAsSent(await session.service("compute"), id, SERVER_FIELDS),
  },
  flavors: {
    service: "compute",
    tells_changes: false,
    pages: async (session, { signal }) =>
      spelled(listFlavors(await session.service("compute"), { signal, page_size: PAGE_SIZE })),
    one: async (session, id) => spellOne(getFlavor(await session.service("compute"), id)),
  },
  keypairs: {
    service: "compute",
    tells_changes: false,
    pages: async (session, { signal }) =>
      spelled(listKeypairs(await session.service("compute"), { signal, page_size: PAGE_SIZE })),
    one: async (session, id) => spellOne(getKeypair(await session.service("compute"), id)),
  },
  volumes: {
    service: "block-storage",
    tells_changes: false,
    pages: async (session, { signal }) =>
      spelled(listVolumes(await session.service("block-storage"), { signal, page_size: PAGE_SIZE })),
    one: async (session, id) => spellOne(getVolume(await session.service("block-storage"), id)),
  },
  images: {
    service: "image",
    tells_changes: false,
    pages: async (session, { signal }) =>
      spelled(listImages(await session.service("image"), { signal, page_size: PAGE_SIZE })),
    one: async (session, id) => spellOne(getImage(await session.service("image"), id)),
  },
  networks: {
    service: "network",
    tells_changes: false,
    pages: readNetworks,
    one: async (session, id) => {
      const neutron = await session.service("network");
      const subnets = await collect(listSubnets(neutron, { query: { network_id: id } }));
      return spellRows([{ ...(await getNetwork(neutron, id)), [SUBNETS_FIELD]: subnets }]);
    },
  },
  ports: {
    service: "network",
    tells_changes: false,
    // the owner of a network also sees the ports of others on it, and an administrator all that there are
    pages: async (session, { signal }) => {
      const neutron = await session.service("network");
      const query = { project_id: session.project?.id };
      return spelled(listPorts(neutron, { signal, page_size: PAGE_SIZE, query }));
    },
    one: async (session, id) => spellOne(getPort(await session.service("network"), id)),
  },
  "security-groups": {
    service: "network",
    tells_changes: false,
    pages: async (session, { signal }) =>
      spelled(listSecurityGroups(await session.service("network"), { signal, page_size: PAGE_SIZE })),
    one: async (session, id) => spellOne(getSecurityGroup(await session.service("network"), id)),
  },
};

/** Neutron lists subnets apart from their networks. */
async function* readNetworks(session: Session, { signal }: PageOptions): SentPages {
  const neutron = await session.service("network");
  const subnets = Map.groupBy(
    await collect(listSubnets(neutron, { signal, page_size: PAGE_SIZE })),
    ({ network_id }) => network_id,
  );
  for await (const page of listNetworks(neutron, { signal, page_size: PAGE_SIZE })) {
    const rows = page.map((network) => ({ ...network, [SUBNETS_FIELD]: subnets.get(network.id) ?? [] }));
    yield { ...spellRows(rows), is_last: isLastPage(page) };
  }
}

async function* spelled(pages: AsyncIterable<object[]>): SentPages {
  for await (const page of pages) yield { ...spellRows(page), is_last: isLastPage(page) };
}

async function spellOne(body: Promise<object>): Promise<SentRows> {
  return spellRows([await body]);
}
