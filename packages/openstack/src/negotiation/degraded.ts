import { PROJECT_NAMES, type ServiceType } from "../service/service-types.ts";
import type { OperationName } from "./operations.ts";

/** A call that this site could carry out in a lesser way only: what was wanted, what it got, and what that costs. */
export interface Degraded {
  readonly operation: OperationName;
  readonly service: ServiceType;
  /** The microversion that would have done it all. */
  readonly wanted: string;
  /** The one that was asked for instead; null: none, the service's oldest behaviour. */
  readonly got: string | null;
  /** The newest that the site has; null where the service has no microversions. */
  readonly offered: string | null;
  /** What was done instead. */
  readonly instead: string;
  /** What is gone with it, in one sentence. */
  readonly lost: string;
}

/** One sentence for people: `The server is locked without saying why (Nova 2.73 keeps it, this site has 2.60).` */
export function sayDegraded({ service, wanted, offered, lost }: Degraded, site = "this site"): string {
  const has = offered === null ? `${site} has no microversions` : `${site} has ${offered}`;
  return `${lost.replace(/\.$/, "")} (that takes ${PROJECT_NAMES[service]} ${wanted}, ${has}).`;
}
