import type { Migration } from "kysely/migration";
import { identity } from "./0001-identity.ts";
import { sites } from "./0002-sites.ts";
import { inventory } from "./0003-inventory.ts";
import { idempotency } from "./0005-idempotency.ts";
import { gateway } from "./0006-gateway.ts";
import { audit } from "./0007-audit.ts";
import { searchBlocks } from "./0008-search-blocks.ts";
import { capabilities } from "./0009-capabilities.ts";
import { inventorySorts } from "./0010-inventory-sorts.ts";
import { blockBounds } from "./0011-block-bounds.ts";
import { unsortedRows } from "./0012-unsorted-rows.ts";
import { datedRows } from "./0013-dated-rows.ts";
import { writtenFacts } from "./0014-written-facts.ts";
import { unnamedDates } from "./0015-unnamed-dates.ts";

/**
 * Every migration by name, run in the order of the names. Features add theirs as `NNNN-<what>.ts` beside this
 * file. One that was released is never edited: the next one corrects it.
 */
export const migrations: Record<string, Migration> = {
  "0001-identity": identity,
  "0002-sites": sites,
  "0003-inventory": inventory,
  "0005-idempotency": idempotency,
  "0006-gateway": gateway,
  "0007-audit": audit,
  "0008-search-blocks": searchBlocks,
  "0009-capabilities": capabilities,
  "0010-inventory-sorts": inventorySorts,
  "0011-block-bounds": blockBounds,
  "0012-unsorted-rows": unsortedRows,
  "0013-dated-rows": datedRows,
  "0014-written-facts": writtenFacts,
  "0015-unnamed-dates": unnamedDates,
};
