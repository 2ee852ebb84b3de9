const UNIQUE_VIOLATION = "23505";

/** Did PostgreSQL refuse a row because another has the same unique value? */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === UNIQUE_VIOLATION;
}
