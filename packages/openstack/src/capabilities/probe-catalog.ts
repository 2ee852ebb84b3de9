import { catalogTypes, SERVICE_TYPES } from "../service/service-types.ts";
import { CATALOG_TYPES_ASKED } from "./capability-table.ts";
import type { Finding } from "./finding.ts";
import type { ProbedSite } from "./probed-site.ts";

/** Names beside the official ones, of services that this library does not speak: the service types authority's aliases. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  orchestration: ["orchestration", "cloudformation"],
  "shared-file-system": ["shared-file-system", "sharev2", "share"],
};

/** Which services there are at all: the catalog came with the token. */
export async function probeCatalog({ token, client }: ProbedSite): Promise<Finding[]> {
  const offered = new Set(
    token.catalog.filter(({ endpoints }) => endpoints.length > 0).map(({ type }) => type),
  );
  const keystone = await client("identity");
  const path = `${new URL(keystone.endpoint).pathname}/auth/tokens`;
  return CATALOG_TYPES_ASKED.map((type) => ({
    capability: `${type}.service`,
    state: namesOf(type).some((name) => offered.has(name)) ? "yes" : "no",
    how: "document",
    evidence: { method: "POST", path, status: 201 },
  }));
}

function namesOf(type: string): readonly string[] {
  const known = SERVICE_TYPES.find((one) => one === type);
  return known === undefined ? (OTHER_NAMES[type] ?? [type]) : catalogTypes(known);
}
