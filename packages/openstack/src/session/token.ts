import type { Catalog } from "./catalog.ts";

export interface NamedInDomain {
  id: string;
  name: string;
  domain: { id: string; name: string };
}

/** A token and what Keystone said of it. */
export interface Token {
  /** The secret itself: never log or store it. */
  id: string;
  /** ISO 8601 UTC. */
  expires_at: string;
  user: NamedInDomain;
  /** undefined for a token without project scope. */
  project: NamedInDomain | undefined;
  roles: readonly { id: string; name: string }[];
  methods: readonly string[];
  catalog: Catalog;
}
