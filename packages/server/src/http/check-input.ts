import { Problem } from "@uniview/api";
import type { z } from "zod";

/** Most mistakes of one request that an answer lists. */
const MAX_LISTED = 20;

/**
 * The part of a request as its schema reads it; undefined where the endpoint has no such part.
 *
 * @throws Problem `invalid-input` that names the first field at fault and lists the others
 */
export function checkInput(
  schema: z.ZodType | undefined,
  value: unknown,
  part: "params" | "query" | "body",
): unknown {
  if (!schema) return undefined;
  const checked = schema.safeParse(value ?? (part === "body" ? undefined : {}));
  if (checked.success) return checked.data;
  const errors = checked.error.issues.slice(0, MAX_LISTED).map(({ path, message }) => ({
    field: path.map(String).join(".") || part,
    detail: message,
  }));
  const [first] = errors;
  const field = first?.field ?? part;
  throw new Problem("invalid-input", `${field}: ${first?.detail ?? "is not valid"}.`, {
    field,
    ...(errors.length > 1 ? { errors } : {}),
    remedy: "See /api/docs for what this request takes.",
  });
}
