/** A body as a site sent it. Nothing about it is believed: a site may be old, broken or lying. */
export type Body = Readonly<Record<string, unknown>>;

const NUL = /\0/g;
/** Cinder and Keystone leave the zone out and mean UTC. */
const HAS_ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/;

/** As Nova and Glance spell most instants: worth a short cut. */
const USUAL = /^[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** Years that PostgreSQL takes in this spelling: from 1 to 9999. */
const YEARS = /^(?!0000)\d{4}-/;

/** Text that PostgreSQL takes: it refuses NUL, and half a surrogate pair in `jsonb`. */
function storable(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes("\0") ? whole.replace(NUL, "") : whole;
}

/** The field as text; null where it is absent, empty or anything else than text. */
export function text(body: Body, field: string): string | null {
  const value = body[field];
  return typeof value === "string" && value !== "" ? storable(value) : null;
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
  if (!Array.isArray(value)) return [];
  return [...new Set(value.filter((one) => typeof one === "string").map(storable))];
}

/** A map of texts; other values are written as JSON. */
export function textMap(body: Body, field: string): Record<string, string> {
  const entries = Object.entries(object(body, field) ?? {});
  return Object.fromEntries(
    entries.map(([key, value]) => [
      storable(key),
      storable(typeof value === "string" ? value : JSON.stringify(value)),
    ]),
  );
}

export function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
