import pg from "pg";

const INT8 = 20;
const TIMESTAMPTZ = 1184;

/**
 * How columns become values: `bigint` a number (sizes and counters stay below 2^53), `timestamptz` an ISO 8601
 * string in UTC, as the API shows it. Everything else as `pg` does it.
 */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") => {
    if (oid === INT8) return Number;
    if (oid === TIMESTAMPTZ) return (text: string) => toIso(text);
    return format === "binary" ? pg.types.getTypeParser(oid, "binary") : pg.types.getTypeParser(oid, "text");
  }) as typeof pg.types.getTypeParser,
};

/** PostgreSQL writes `2026-11-22 15:04:05.123+00`; infinities stay words. */
function toIso(text: string): string {
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? text : instant.toISOString();
}
