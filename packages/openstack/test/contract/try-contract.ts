import { describeSite } from "../../src/describe/describe-site.ts";
import { probeOnce } from "./capability-clauses.ts";
import { type Outcome, tryClause } from "./clause.ts";
import { CLAUSES } from "./clauses.ts";
import type { Trial } from "./compatibility-page.ts";
import { type Access, openContractSite } from "./contract-site.ts";

/** Tries the whole contract at a site and cleans up behind it. @throws Error what was made could not be removed */
export async function tryContract(
  access: Access & { readonly is_real: boolean },
  on_outcome: (outcome: Outcome) => void = () => undefined,
): Promise<Trial> {
  const site = await openContractSite(access);
  try {
    const description = await describeSite(site.session);
    const outcomes: Outcome[] = [];
    for (const clause of CLAUSES) {
      const outcome = await tryClause(clause, site);
      outcomes.push(outcome);
      on_outcome(outcome);
    }
    const { findings } = await probeOnce(site);
    return { name: access.name, is_real: access.is_real, description, outcomes, findings };
  } finally {
    await site.close();
  }
}
