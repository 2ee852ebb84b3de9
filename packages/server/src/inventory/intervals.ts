import type { ResourceKind } from "@uniview/api";

/** Time between two readings of one kind of one site project. Of servers mostly only what changed is read. */
export const INTERVALS_MS: Readonly<Record<ResourceKind, number>> = {
  servers: 15_000,
  volumes: 60_000,
  images: 60_000,
  flavors: 60_000,
  networks: 60_000,
  ports: 60_000,
  "security-groups": 60_000,
  keypairs: 60_000,
};

/** How often a reader does what; tests are in more of a hurry. */
export interface Pace {
  readonly intervals_ms: Readonly<Record<ResourceKind, number>>;
  /** Changes alone miss what a site does not date: all servers are read this often. */
  readonly full_every_ms: number;
  /** Between two looks at a server that is changing. */
  readonly follow_ms: number;
  /** After this long a server that still claims to be changing is read no oftener than others. */
  readonly follow_for_ms: number;
  /** After the first failure; doubled after each further one. */
  readonly backoff_min_ms: number;
  readonly backoff_max_ms: number;
}

export const PACE: Pace = {
  intervals_ms: INTERVALS_MS,
  full_every_ms: 300_000,
  follow_ms: 2_000,
  follow_for_ms: 600_000,
  backoff_min_ms: 5_000,
  backoff_max_ms: 60_000,
};
