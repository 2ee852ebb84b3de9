import type { CapabilityMatrix, ProbedSite, SiteCapabilities } from "@uniview/api";
import type { Principal } from "../http/principal.ts";
import type { SiteService } from "../sites/service.ts";
import { buildMatrix } from "./build-matrix.ts";
import { operationsHere } from "./operations-here.ts";
import type { ProjectProbe } from "./probe-project.ts";
import type { CapabilityStore } from "./store.ts";

export interface CapabilityService {
  matrix(user: Principal): Promise<CapabilityMatrix>;
  /** @throws Problem `not-found` */
  ofSite(user: Principal, site: string): Promise<SiteCapabilities>;
  /** @throws Problem `not-found`; the site cannot be signed in to */
  probe(user: Principal, site: string, thorough: boolean): Promise<ProbedSite>;
}

interface Deps {
  readonly store: CapabilityStore;
  readonly sites: SiteService;
  readonly probe: ProjectProbe;
}

export function createCapabilityService({ store, sites, probe }: Deps): CapabilityService {
  const show = async (user: Principal, site?: string): Promise<CapabilityMatrix> => {
    const columns = await store.columns(user.user_id, site);
    const [cells, changes] = await Promise.all([store.cells(columns), store.changes(columns)]);
    return { columns, rows: buildMatrix(cells), changes };
  };
  const ofSite = async (user: Principal, name: string) => {
    const { discovery } = await sites.getSite(user, name);
    return { site: name, ...(await show(user, name)), operations: operationsHere(discovery) };
  };
  return {
    matrix: (user) => show(user),
    ofSite,
    async probe(user, name, thorough) {
      await sites.getSite(user, name);
      const columns = await store.columns(user.user_id, name);
      const left_behind: string[] = [];
      // one after the other: a site has one probe of ours at a time
      for (const { id } of columns)
        left_behind.push(...(await probe.run(name, id, { thorough })).left_behind);
      return { ...(await ofSite(user, name)), left_behind };
    },
  };
}
