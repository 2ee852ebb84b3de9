/** What a service said about itself: `version` is its version id (`v2.1`, `v3.14`), min and max its microversions. */
export interface VersionRange {
  version: string;
  min?: string;
  max?: string;
}

/** Orders `2.9` before `2.10`: microversions are two integers, not decimals. Negative when `a` is older. */
export function compareMicroversions(a: string, b: string): number {
  const [a_major, a_minor] = splitMicroversion(a);
  const [b_major, b_minor] = splitMicroversion(b);
  return a_major - b_major || a_minor - b_minor;
}

/** Is the negotiated microversion (undefined: none, the oldest behaviour) at least this one? */
export function atLeast(microversion: string | undefined, least: string): boolean {
  return microversion !== undefined && compareMicroversions(microversion, least) >= 0;
}

/** The smaller of what is wanted and what the service offers; undefined where it has none or starts later. */
export function bestMicroversion(range: VersionRange, want: string): string | undefined {
  const { min, max } = range;
  if (max === undefined) return undefined;
  if (min !== undefined && compareMicroversions(want, min) < 0) return undefined;
  return compareMicroversions(want, max) <= 0 ? want : max;
}

/** Does the service offer exactly this one? */
export function supportsMicroversion(range: VersionRange, microversion: string): boolean {
  return bestMicroversion(range, microversion) === microversion;
}

function splitMicroversion(text: string): [number, number] {
  const match = /^(\d+)\.(\d+)$/.exec(text);
  if (match === null) throw new RangeError(`'${text}' is not a microversion; write it like '2.73'.`);
  return [Number(match[1]), Number(match[2])];
}
