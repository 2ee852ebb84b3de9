import type { CatalogEntry } from "../src/session/catalog.ts";
import type { StubHandler, StubReply } from "./stub-site.ts";

const HOUR_MS = 3_600_000;

export interface TokenFacts {
  id?: string;
  catalog?: CatalogEntry[];
  lifetime_ms?: number;
}

/** A token answer as Keystone sends it. */
export function tokenReply({
  id = "token-1",
  catalog = [],
  lifetime_ms = HOUR_MS,
}: TokenFacts = {}): StubReply {
  const Default = { id: "default", name: "Default" };
  const token = {
    methods: ["password"],
    user: { id: "user-1", name: "demo", domain: Default, password_expires_at: null },
    project: { id: "project-1", name: "demo", domain: Default },
    roles: [{ id: "role-1", name: "member" }],
    expires_at: new Date(Date.now() + lifetime_ms).toISOString(),
    issued_at: new Date().toISOString(),
    catalog,
  };
  return { status: 201, headers: { "x-subject-token": id }, json: { token } };
}

/** Gives token-1, token-2, … */
export function countingTokens(facts: () => Omit<TokenFacts, "id">): StubHandler {
  let count = 0;
  return () => {
    count += 1;
    return tokenReply({ ...facts(), id: `token-${count}` });
  };
}

export function catalogEntry(type: string, url: string, region = "one"): CatalogEntry {
  return { type, name: type, endpoints: [{ interface: "public", region_id: region, region, url }] };
}
