import type { AnyEndpoint } from "./endpoint.ts";
import * as applicationCredentials from "./endpoints/application-credentials.ts";
import * as audit from "./endpoints/audit.ts";
import * as capabilities from "./endpoints/capabilities.ts";
import * as identity from "./endpoints/identity.ts";
import * as inventory from "./endpoints/inventory.ts";
import * as jobs from "./endpoints/jobs.ts";
import * as projects from "./endpoints/projects.ts";
import * as secondFactor from "./endpoints/second-factor.ts";
import * as sites from "./endpoints/sites.ts";

/** Where the API lives below Uniview's own address. */
export const API_PREFIX = "/api/v1";

/**
 * The stream of server-sent events, at `API_PREFIX + EVENTS_PATH`: `event: job | resource | site`, `data` a `Change`.
 * It tells that something changed, not what: clients read it again. A client that was away reads everything again.
 */
export const EVENTS_PATH = "/events";

export type Change =
  | { readonly type: "job"; readonly id: string }
  | { readonly type: "resource"; readonly kind: string; readonly site: string; readonly id: string | null }
  | { readonly type: "site"; readonly site: string };

export const endpoints = {
  ...identity,
  ...sites,
  ...capabilities,
  ...inventory,
  ...jobs,
  ...audit,
  ...projects,
  ...applicationCredentials,
  ...secondFactor,
};

export const allEndpoints: readonly AnyEndpoint[] = Object.values(endpoints) as unknown as AnyEndpoint[];
