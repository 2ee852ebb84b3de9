/** A value that survives being written to the database and read back. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Copies a value as JSON, so that a result looks the same on the first run as after a replay.
 * Fields that are `undefined` are left out; nothing else is changed silently.
 *
 * @param what how to call the value in the error, for example `The result of step "copy"`
 */
export function recordable(value: unknown, what: string): Json | undefined {
  if (value === undefined) return undefined;
  return copy(value, what, "", new Set());
}

function copy(value: unknown, what: string, path: string, above: Set<object>): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value !== "object")
    throw refuse(what, path, typeof value === "number" ? String(value) : `a ${typeof value}`);
  if (above.has(value)) throw refuse(what, path, "a circle");
  const inside = new Set(above).add(value);
  if (Array.isArray(value)) return value.map((item, index) => copy(item, what, `${path}[${index}]`, inside));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw refuse(what, path, `a ${value.constructor.name}`);
  }
  const result: { [key: string]: Json } = {};
  for (const [key, field] of Object.entries(value)) {
    if (field !== undefined) result[key] = copy(field, what, `${path}.${key}`, inside);
  }
  return result;
}

function refuse(what: string, path: string, found: string): TypeError {
  const where = path ? `at ${path.replace(/^\./, "")} ` : "";
  return new TypeError(`${what} cannot be recorded: ${where}it holds ${found}; return plain JSON.`);
}
