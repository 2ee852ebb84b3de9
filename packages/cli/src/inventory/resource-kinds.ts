import { type Client, endpoints, type ResourceKind, type SiteFreshness } from "@uniview/api";

/** What the rows of every kind have. */
export interface Row {
  readonly id: string;
  readonly name: string;
  readonly site: string;
  readonly status: string | null;
  readonly project_name: string;
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly as_of: string;
}

export interface Page<R> {
  readonly items: readonly R[];
  readonly sites: readonly SiteFreshness[];
  readonly total: { readonly count: number; readonly exact: boolean };
  readonly next_cursor?: string | undefined;
}

export interface PageRequest {
  readonly query: {
    readonly q: string;
    readonly sort?: string;
    readonly limit: number;
    readonly cursor?: string;
  };
  readonly signal: AbortSignal;
}

/** A kind of the inventory: what people call one of it, and how a page of its list is read. */
export interface Kind<R extends Row> {
  readonly kind: ResourceKind;
  readonly noun: string;
  readonly plural: string;
  readPage(client: Client, request: PageRequest): Promise<Page<R>>;
}

function kind<R extends Row>(made: Kind<R>): Kind<R> {
  return made;
}

export const servers = kind({
  kind: "servers",
  noun: "server",
  plural: "servers",
  readPage: (client, request) => client.call(endpoints.listServers, request),
});
export const volumes = kind({
  kind: "volumes",
  noun: "volume",
  plural: "volumes",
  readPage: (client, request) => client.call(endpoints.listVolumes, request),
});
export const images = kind({
  kind: "images",
  noun: "image",
  plural: "images",
  readPage: (client, request) => client.call(endpoints.listImages, request),
});
export const flavors = kind({
  kind: "flavors",
  noun: "flavor",
  plural: "flavors",
  readPage: (client, request) => client.call(endpoints.listFlavors, request),
});
export const networks = kind({
  kind: "networks",
  noun: "network",
  plural: "networks",
  readPage: (client, request) => client.call(endpoints.listNetworks, request),
});
export const ports = kind({
  kind: "ports",
  noun: "port",
  plural: "ports",
  readPage: (client, request) => client.call(endpoints.listPorts, request),
});
export const securityGroups = kind({
  kind: "security-groups",
  noun: "security group",
  plural: "security groups",
  readPage: (client, request) => client.call(endpoints.listSecurityGroups, request),
});
export const keypairs = kind({
  kind: "keypairs",
  noun: "keypair",
  plural: "keypairs",
  readPage: (client, request) => client.call(endpoints.listKeypairs, request),
});
