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

/** Changes alone miss what a site does not date: all servers are read this often. */
export const FULL_EVERY_MS = 300_000;
/** Between two looks at a server that is changing. */
export const FOLLOW_MS = 2_000;
/** After this long a server that still claims to be changing is read no oftener than others. */
export const FOLLOW_FOR_MS = 600_000;
export const BACKOFF_MIN_MS = 5_000;
export const BACKOFF_MAX_MS = 60_000;

export interface Pace {
  readonly intervals_ms: Readonly<Record<ResourceKind, number>>;
  readonly full_every_ms: number;
  readonly follow_ms: number;
  readonly follow_for_ms: number;
  readonly backoff_min_ms: number;
  readonly backoff_max_ms: number;
}

export const PACE: Pace = {
  intervals_ms: INTERVALS_MS,
  full_every_ms: FULL_EVERY_MS,
  follow_ms: FOLLOW_MS,
  follow_for_ms: FOLLOW_FOR_MS,
  backoff_min_ms: BACKOFF_MIN_MS,
  backoff_max_ms: BACKOFF_MAX_MS,
};
