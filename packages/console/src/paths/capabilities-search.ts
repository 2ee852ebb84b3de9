export interface CapabilitiesSearch {
  /** Words of a capability, and `site:NAME`. */
  readonly q?: string;
  /** Only what is not the same everywhere. */
  readonly only?: "differences";
}

export function readCapabilitiesSearch({ q, only }: Record<string, unknown>): CapabilitiesSearch {
  return {
    ...(typeof q === "string" && q !== "" ? { q } : {}),
    ...(only === "differences" ? { only } : {}),
  };
}
