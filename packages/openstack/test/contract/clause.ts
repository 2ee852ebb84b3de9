import type { Degraded } from "../../src/negotiation/degraded.ts";
import type { ServiceType } from "../../src/service/service-types.ts";
import type { ContractSite } from "./contract-site.ts";

/** One sentence that is true of every site, and how to find out. */
export interface Clause {
  readonly service: ServiceType;
  readonly says: string;
  /** Throws where it is not so. @returns what this site is too old for */
  try(site: ContractSite): Promise<readonly Degraded[]>;
}

export interface Outcome {
  readonly clause: Clause;
  /** `lesser`: it works, and costs what the notes say. */
  readonly state: "holds" | "lesser" | "broken";
  readonly notes: readonly Degraded[];
  readonly problem?: string;
}

/** Never throws: what is wrong is part of the outcome. */
export async function tryClause(clause: Clause, site: ContractSite): Promise<Outcome> {
  try {
    const notes = await clause.try(site);
    return { clause, state: notes.length > 0 ? "lesser" : "holds", notes };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { clause, state: "broken", notes: [], problem };
  }
}
