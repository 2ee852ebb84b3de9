export interface CatalogEndpoint {
  id?: string;
  interface: string;
  region?: string | null;
  region_id?: string | null;
  url: string;
}

export interface CatalogEntry {
  id?: string;
  type: string;
  name?: string;
  endpoints: readonly CatalogEndpoint[];
}

/** The catalog as it came with the token. */
export type Catalog = readonly CatalogEntry[];
