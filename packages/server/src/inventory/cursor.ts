import { Problem } from "@uniview/api";
import { z } from "zod";

/** The last row of a page: where the next one begins. */
export interface Cursor {
  /** The sort it belongs to. */
  readonly sort: string;
  /** Values of the sort's expressions. */
  readonly keys: readonly string[];
  readonly site_project_id: string;
  readonly id: string;
}

const Written = z.tuple([z.string(), z.array(z.string()).min(1).max(2), z.uuid(), z.string()]);

export function writeCursor({ sort, keys, site_project_id, id }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, keys, site_project_id, id])).toString("base64url");
}

/** @throws Problem `invalid-input` when it is none, or of another sort */
export function readCursor(text: string, sort: string): Cursor {
  const parsed = Written.safeParse(parse(Buffer.from(text, "base64url").toString("utf8")));
  if (!parsed.success) throw refused("is not one that Uniview gave");
  const [written_sort, keys, site_project_id, id] = parsed.data;
  if (written_sort !== sort) throw refused(`belongs to sort=${written_sort}, not to sort=${sort}`);
  if (/^-?(created|updated)_at$/.test(sort) && !isInstant(keys[0]))
    throw refused("is not one that Uniview gave");
  if ([...keys, id].some((key) => key.includes("\0"))) throw refused("is not one that Uniview gave");
  return { sort, keys, site_project_id, id };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** As PostgreSQL writes one. */
const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::?\d\d)?$/;

function isInstant(key: string | undefined): boolean {
  return key === "-infinity" || (INSTANT.test(key ?? "") && !Number.isNaN(Date.parse(key ?? "")));
}

function refused(why: string): Problem {
  return new Problem("invalid-input", `cursor: ${why}.`, {
    field: "cursor",
    remedy: "Begin again without a cursor, and pass on `next_cursor` as it came.",
  });
}
