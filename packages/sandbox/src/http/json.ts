import { Refusal } from "./refusal.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object of a request, read field by field; whatever has the wrong type is refused as the services do. */
export class Fields {
  readonly values: Readonly<Record<string, unknown>>;

  constructor(values: object) {
    this.values = values as Record<string, unknown>;
  }

  static from(value: unknown): Fields {
    if (!isObject(value)) throw new Refusal(400, "Malformed request body");
    return new Fields(value);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.values, key);
  }

  raw(key: string): unknown {
    return this.values[key];
  }

  keys(): string[] {
    return Object.keys(this.values);
  }

  /** Null counts as absent. */
  text(key: string): string | undefined {
    const value = this.values[key] ?? undefined;
    if (value === undefined || typeof value === "string") return value;
    throw wrongType(key, value, "string");
  }

  needText(key: string): string {
    const value = this.text(key);
    if (value === undefined) throw new Refusal(400, `'${key}' is a required property`);
    return value;
  }

  /** Accepts the digits-in-a-string spelling that OpenStack accepts everywhere. */
  integer(key: string): number | undefined {
    const value = this.values[key] ?? undefined;
    if (value === undefined) return undefined;
    const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
    if (typeof number === "number" && Number.isInteger(number)) return number;
    throw wrongType(key, value, "integer");
  }

  /** Accepts `"true"`, `"false"` and their kin, as OpenStack's `strutils.bool_from_string` does. */
  flag(key: string): boolean | undefined {
    const value = this.values[key] ?? undefined;
    if (value === undefined || typeof value === "boolean") return value;
    if (/^(true|t|yes|y|on|1)$/i.test(String(value))) return true;
    if (/^(false|f|no|n|off|0)$/i.test(String(value))) return false;
    throw wrongType(key, value, "boolean");
  }

  object(key: string): Fields | undefined {
    const value = this.values[key] ?? undefined;
    if (value === undefined) return undefined;
    if (!isObject(value)) throw wrongType(key, value, "object");
    return new Fields(value);
  }

  needObject(key: string): Fields {
    const value = this.object(key);
    if (value === undefined) throw new Refusal(400, `'${key}' is a required property`);
    return value;
  }

  objects(key: string): Fields[] | undefined {
    return this.list(key)?.map((item) => Fields.from(item));
  }

  texts(key: string): string[] | undefined {
    return this.list(key)?.map((item) => {
      if (typeof item !== "string") throw wrongType(key, item, "string");
      return item;
    });
  }

  /** Metadata: a map of text to text. */
  map(key: string): Record<string, string> | undefined {
    const object = this.object(key);
    if (object === undefined) return undefined;
    return Object.fromEntries(object.keys().map((name) => [name, object.needText(name)]));
  }

  private list(key: string): unknown[] | undefined {
    const value = this.values[key] ?? undefined;
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw wrongType(key, value, "array");
    return value;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrongType(key: string, value: unknown, type: string): Refusal {
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  const quoted = typeof value === "string" ? `'${value}'` : shown;
  return new Refusal(
    400,
    `Invalid input for field/attribute ${key}. Value: ${shown}. ${quoted} is not of type '${type}'`,
  );
}
