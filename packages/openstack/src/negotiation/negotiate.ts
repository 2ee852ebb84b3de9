import { compareMicroversions, type VersionRange } from "../discovery/microversion.ts";
import type { ServiceType } from "../service/service-types.ts";
import type { Degraded } from "./degraded.ts";
import { NotOffered } from "./not-offered.ts";
import { type Way, wanted } from "./operation.ts";
import { OPERATIONS, type OperationName, type WayOf } from "./operations.ts";

/** What is known of a service at a site: a `ServiceClient`, or a row of `describeSite`. */
export interface Offer {
  readonly type: ServiceType;
  readonly versions: VersionRange;
}

export interface Negotiated<Name extends OperationName> {
  /** To be asked for; undefined: none, the oldest behaviour does it. */
  readonly microversion: string | undefined;
  /** By name; of all that were asked for. */
  readonly ways: { readonly [Each in Name]?: WayOf<Each> };
  /** One note for each operation that loses something. */
  readonly degraded: readonly Degraded[];
}

/** A version to ask for, and the one that the service then behaves as. */
interface Candidate {
  readonly asked: string | undefined;
  readonly acts_as: string | undefined;
}

/**
 * Finds the call for one or several operations that one request shall carry: of the microversions that the site has,
 * the one that loses least, and of those the lowest. An operation whose wanted way was there only for a while may so
 * be served by an older version than the site's newest.
 *
 * @throws NotOffered the site has no way at all for one of them, or none for all of them together
 */
export function negotiate<Name extends OperationName>(
  offer: Offer,
  ...names: readonly Name[]
): Negotiated<Name> {
  const asked = `${offer.type} ${names.join()}`;
  const known = NEGOTIATED.get(offer.versions) ?? new Map<string, Negotiated<Name>>();
  const negotiated = (known.get(asked) as Negotiated<Name> | undefined) ?? leastLossy(offer, names);
  NEGOTIATED.set(offer.versions, known.set(asked, negotiated));
  return negotiated;
}

/** By the versions of one client: it makes many calls of few kinds, and the table is long. */
const NEGOTIATED = new WeakMap<VersionRange, Map<string, Negotiated<OperationName>>>();

function leastLossy<Name extends OperationName>(offer: Offer, names: readonly Name[]): Negotiated<Name> {
  const candidates = candidatesOf(offer.versions, names);
  const plans = candidates.flatMap((candidate) => {
    const chosen = names.flatMap((name) => choose(name, candidate) ?? []);
    return chosen.length === names.length ? [{ candidate, chosen }] : [];
  });
  const [first, ...others] = plans;
  if (first === undefined) throw notOffered(offer, names);
  // Candidates rise, so that of two that cost the same the lower one stays.
  const best = others.reduce((least, plan) => (cheaper(plan.chosen, least.chosen) ? plan : least), first);
  const ways = Object.fromEntries(best.chosen.map(({ name, key }) => [name, key]));
  return {
    microversion: best.candidate.asked,
    ways: ways as Negotiated<Name>["ways"],
    degraded: best.chosen.flatMap((choice) => noteOf(offer, best.candidate, choice)),
  };
}

interface Choice {
  readonly name: OperationName;
  readonly key: string;
  readonly way: Way;
  /** 0 is the wanted way. */
  readonly rank: number;
}

function candidatesOf({ min, max }: VersionRange, names: readonly OperationName[]): Candidate[] {
  const oldest: Candidate = { asked: undefined, acts_as: max === undefined ? undefined : min };
  if (max === undefined) return [oldest];
  const named = names.flatMap((name) => Object.values(OPERATIONS[name].ways).map(({ since }) => since));
  const offered = [...new Set(named)]
    .filter((since) => since !== undefined)
    .filter((since) => compareMicroversions(since, max) <= 0)
    .filter((since) => min === undefined || compareMicroversions(since, min) > 0)
    .sort(compareMicroversions);
  return [oldest, ...offered.map((since) => ({ asked: since, acts_as: since }))];
}

function choose(name: OperationName, { acts_as }: Candidate): Choice | undefined {
  const ways = Object.entries(OPERATIONS[name].ways).map(([key, way], rank) => ({ name, key, way, rank }));
  return ways.find(({ way }) => isOpen(way, acts_as));
}

function isOpen({ since, until }: Way, version: string | undefined): boolean {
  if (version === undefined) return since === undefined;
  const begun = since === undefined || compareMicroversions(version, since) >= 0;
  return begun && (until === undefined || compareMicroversions(version, until) <= 0);
}

function cheaper(plan: readonly Choice[], than: readonly Choice[]): boolean {
  const lost = (choices: readonly Choice[]) => choices.filter(({ way }) => way.lost !== undefined).length;
  const ranks = (choices: readonly Choice[]) => choices.reduce((sum, { rank }) => sum + rank, 0);
  return (lost(plan) - lost(than) || ranks(plan) - ranks(than)) < 0;
}

function noteOf({ type, versions }: Offer, { asked }: Candidate, { name, way }: Choice): Degraded[] {
  const want = wanted(OPERATIONS[name]);
  if (way.lost === undefined || want === undefined) return [];
  const { how: instead, lost } = way;
  const offered = versions.max ?? null;
  return [{ operation: name, service: type, wanted: want, got: asked ?? null, offered, instead, lost }];
}

function notOffered({ type, versions }: Offer, names: readonly OperationName[]): NotOffered {
  const operations = names.map((name) => {
    const needs = Object.values(OPERATIONS[name].ways).map(sayWhen).join(" or ");
    return { name, does: OPERATIONS[name].does, needs };
  });
  const { min, max } = versions;
  return new NotOffered(type, operations, max === undefined ? "of no kind" : `${min ?? "?"} to ${max}`);
}

/** `2.32 to 2.36`, `from 2.42`, `up to 2.46`. */
export function sayWhen({ since, until }: Way): string {
  if (since === undefined) return until === undefined ? "any" : `up to ${until}`;
  if (until === undefined) return `from ${since}`;
  return since === until ? since : `${since} to ${until}`;
}

/**
 * What a site is too old for, of the operations that are named and that this service serves: the notes that the calls
 * would come back with, told beforehand. An operation that would be refused is noted like one that loses something.
 */
export function degradedAt(offer: Offer, names: readonly OperationName[]): Degraded[] {
  return names
    .filter((name) => OPERATIONS[name].service === offer.type)
    .flatMap((name) => {
      try {
        return negotiate(offer, name).degraded;
      } catch (error) {
        if (error instanceof NotOffered) return [refusalOf(offer, name)];
        throw error;
      }
    });
}

function refusalOf({ type, versions }: Offer, name: OperationName): Degraded {
  const { does } = OPERATIONS[name];
  return {
    operation: name,
    service: type,
    wanted: wanted(OPERATIONS[name]) ?? "an older one",
    got: null,
    offered: versions.max ?? null,
    instead: "It is refused before anything is sent.",
    lost: `It is not possible to ${does}.`,
  };
}
