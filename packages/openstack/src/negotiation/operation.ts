import type { ServiceType } from "../service/service-types.ts";

/** One way to do what an operation is about. */
export interface Way {
  /** The lowest microversion that goes this way; absent: from the service's oldest on. */
  readonly since?: string;
  /** The highest that goes it; absent: all later ones. */
  readonly until?: string;
  /** What is sent or read, for people. */
  readonly how: string;
  /** What whoever asked goes without, in one sentence; absent: nothing. */
  readonly lost?: string;
}

/**
 * Something that Uniview wants of a service, and the ways to get it: the wanted one first, then what does nearly as
 * well. A site that offers none of them cannot do it at all (`NotOffered`).
 */
export interface Operation {
  readonly service: ServiceType;
  /** Completes "to …": `keep the reason of a lock`. */
  readonly does: string;
  readonly ways: Readonly<Record<string, Way>>;
}

/** The microversion that does all that is wanted; undefined where the oldest does. */
export function wanted(operation: Operation): string | undefined {
  return Object.values(operation.ways)[0]?.since;
}

/** The lowest microversion that does it in any way; undefined: every site does. */
export function least(operation: Operation): string | undefined {
  const ways = Object.values(operation.ways);
  return ways.some((way) => way.since === undefined) ? undefined : ways.at(-1)?.since;
}
