import type {
  Backup,
  Group,
  GroupSnapshot,
  GroupType,
  Snapshot,
  Transfer,
  Volume,
  VolumeType,
} from "./block-storage/state.ts";
import type { Flavor, Keypair, Server } from "./compute/state.ts";
import type { ApplicationCredential, Project, Role, RoleAssignment, Token, User } from "./identity/state.ts";
import type { Image } from "./image/state.ts";
import type {
  FloatingIp,
  Network,
  Port,
  QosPolicy,
  Router,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
} from "./network/state.ts";

/** Quota set for one project, by name; what is missing has its default. */
export interface QuotaOverride {
  /** `<service>/<project_id>` */
  id: string;
  limits: Record<string, number>;
}

/** Everything that a site remembers, except bytes. Every table is keyed by the row's `id`. */
export interface SiteState {
  projects: Map<string, Project>;
  users: Map<string, User>;
  roles: Map<string, Role>;
  role_assignments: Map<string, RoleAssignment>;
  tokens: Map<string, Token>;
  application_credentials: Map<string, ApplicationCredential>;
  flavors: Map<string, Flavor>;
  keypairs: Map<string, Keypair>;
  servers: Map<string, Server>;
  volume_types: Map<string, VolumeType>;
  volumes: Map<string, Volume>;
  snapshots: Map<string, Snapshot>;
  backups: Map<string, Backup>;
  group_types: Map<string, GroupType>;
  groups: Map<string, Group>;
  group_snapshots: Map<string, GroupSnapshot>;
  transfers: Map<string, Transfer>;
  images: Map<string, Image>;
  networks: Map<string, Network>;
  subnets: Map<string, Subnet>;
  ports: Map<string, Port>;
  security_groups: Map<string, SecurityGroup>;
  security_group_rules: Map<string, SecurityGroupRule>;
  floating_ips: Map<string, FloatingIp>;
  routers: Map<string, Router>;
  qos_policies: Map<string, QosPolicy>;
  quotas: Map<string, QuotaOverride>;
}

export function emptyState(): SiteState {
  return {
    projects: new Map(),
    users: new Map(),
    roles: new Map(),
    role_assignments: new Map(),
    tokens: new Map(),
    application_credentials: new Map(),
    flavors: new Map(),
    keypairs: new Map(),
    servers: new Map(),
    volume_types: new Map(),
    volumes: new Map(),
    snapshots: new Map(),
    backups: new Map(),
    group_types: new Map(),
    groups: new Map(),
    group_snapshots: new Map(),
    transfers: new Map(),
    images: new Map(),
    networks: new Map(),
    subnets: new Map(),
    ports: new Map(),
    security_groups: new Map(),
    security_group_rules: new Map(),
    floating_ips: new Map(),
    routers: new Map(),
    qos_policies: new Map(),
    quotas: new Map(),
  };
}

/** Files the row under its id and hands it back. */
export function put<Row extends { id: string }>(table: Map<string, Row>, row: Row): Row {
  table.set(row.id, row);
  return row;
}
