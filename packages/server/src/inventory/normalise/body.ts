/**
 * A body as a site sent it. Nothing about it is believed: a site may be old, broken or lying. Only texts that PostgreSQL
 * would not take (NUL, half a surrogate pair) are gone from it already; see `../sent-body.ts`.
 */
export type Body = Readonly<Record<string, unknown>>;

/** Cinder and Keystone leave the zone out and mean UTC. */
const HAS_ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/;

/** As Nova and Glance spell most instants: worth a short cut. */
const USUAL = /^[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** Years that PostgreSQL takes in this spelling: from 1 to 9999. */
const YEARS = /^(?!0000)\d{4}-/;

/** The field as text; null where it is absent, empty or anything else than text. */
export function text(body: Body, field: string): string | null {
  const value = body[field];
  return typeof value === "string" && value !== "" ? value : null;
}

export function integer(body: Body, field: string): number | null {
  const value = body[field];
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : null;
}

/** OpenStack spells truth as JSON or, in older fields, as the text `true`. */
export function truth(body: Body, field: string): boolean {
  const value = body[field];
  return value === true || (typeof value === "string" && value.toLowerCase() === "true");
}

/** ISO 8601 UTC with milliseconds; null where it is absent or no instant. */
export function instant(body: Body, field: string): string | null {
  const value = text(body, field);
  if (value === null) return null;
  if (USUAL.test(value)) return `${value.slice(0, -1)}.000Z`;
  const at = new Date(HAS_ZONE.test(value) ? value : `${value}Z`);
  if (Number.isNaN(at.getTime())) return null;
  const iso = at.toISOString();
  return YEARS.test(iso) ? iso : null;
}

export function object(body: Body, field: string): Body | null {
  const value = body[field];
  return isBody(value) ? value : null;
}

/** The objects of a list; others in it are passed over. */
export function objects(body: Body, field: string): Body[] {
  const value = body[field];
  return Array.isArray(value) ? value.filter(isBody) : [];
}

/** The texts of a list, each once. */
export function texts(body: Body, field: string): string[] {
  const value = body[field];
  return Array.isArray(value) ? eachOnce(value.filter((one) => typeof one === "string")) : [];
}

/** A list that is short enough to be looked through for every value that is added. */
const SHORT = 16;

export function eachOnce(values: string[]): string[] {
  if (values.length < 2) return values;
  if (values.length > SHORT) return [...new Set(values)];
  const found: string[] = [];
  for (const value of values) if (!found.includes(value)) found.push(value);
  return found;
}

/** A map of texts; other values are written as JSON. */
export function textMap(body: Body, field: string): Readonly<Record<string, string>> {
  const map = object(body, field) ?? {};
  if (Object.values(map).every((value) => typeof value === "string")) return map as Record<string, string>;
  const entries = Object.entries(map);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

export function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
