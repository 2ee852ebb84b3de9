import type {
  Flavor,
  Image,
  Keypair,
  Network,
  Port,
  ResourceKind,
  SecurityGroup,
  Server,
  SiteFreshness,
  Volume,
} from "@uniview/api";

/** The row of each kind of resource, as the lists of the API have it. */
export interface Rows {
  readonly servers: Server;
  readonly volumes: Volume;
  readonly images: Image;
  readonly flavors: Flavor;
  readonly networks: Network;
  readonly ports: Port;
  readonly "security-groups": (typeof SecurityGroup)["_output"];
  readonly keypairs: (typeof Keypair)["_output"];
}

export type RowOf<K extends ResourceKind> = Rows[K];

/** What the rows of all kinds have. */
export type AnyRow = Pick<
  Server,
  "id" | "name" | "site" | "project_id" | "project_name" | "status" | "created_at" | "updated_at" | "as_of"
>;

export interface RowPage<Row> {
  readonly items: Row[];
  readonly sites: SiteFreshness[];
  readonly next_cursor?: string | undefined;
  readonly total: { readonly count: number; readonly exact: boolean };
}
