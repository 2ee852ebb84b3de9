import type { Discovery, ProblemDetail } from "@uniview/api";
import type { ColumnType, Generated } from "kysely";

type Json<T> = ColumnType<T, string, string>;

export interface SitesTables {
  sites: {
    id: Generated<string>;
    name: string;
    auth_url: string;
    region_name: string | null;
    interface: "public" | "internal" | "admin";
    ca_pem: string | null;
    discovery: Json<Discovery>;
    joined_at: Generated<string>;
    /** When the site last answered a probe. */
    seen_at: string | null;
    unreachable_since: string | null;
    latency_ms: number | null;
    problem: ColumnType<ProblemDetail | null, string | null, string | null>;
  };
  /** One project at a site as one user of the site sees it, with the credential that Uniview holds for it. */
  site_projects: {
    id: Generated<string>;
    site_id: string;
    /** The site's own ids and names. */
    project_id: string;
    project_name: string;
    domain_name: string;
    site_user_id: string;
    site_user_name: string;
    roles: Json<string[]>;
    credential_kind: "application_credential" | "password";
    credential_minted: boolean;
    /** Id of the application credential at the site. */
    credential_id: string | null;
    credential_note: string | null;
    credential_expires_at: string | null;
    /** `Auth` of @uniview/openstack as JSON, sealed under `site_projects <id>`. */
    credential_sealed: Buffer;
    /** The user of Uniview who brought it; null after they were deleted. */
    added_by: string | null;
    created_at: Generated<string>;
  };
  /** What a user of Uniview may use at sites. Every query for a user joins this. */
  grants: {
    id: Generated<string>;
    user_id: string;
    site_project_id: string;
    created_at: Generated<string>;
  };
}
