import { CAPABILITY_CLAUSES } from "./capability-clauses.ts";
import type { Clause } from "./clause.ts";
import { IMAGE_CLAUSES } from "./image-clauses.ts";
import { NETWORK_CLAUSES } from "./network-clauses.ts";
import { SERVER_CLAUSES } from "./server-clauses.ts";
import { SESSION_CLAUSES } from "./session-clauses.ts";
import { VOLUME_CLAUSES } from "./volume-clauses.ts";

/** The contract: what Uniview relies on at every site of every release. In this order, because some share a server. */
export const CLAUSES: readonly Clause[] = [
  ...SESSION_CLAUSES,
  ...IMAGE_CLAUSES,
  ...NETWORK_CLAUSES,
  ...SERVER_CLAUSES,
  ...VOLUME_CLAUSES,
  ...CAPABILITY_CLAUSES,
];
