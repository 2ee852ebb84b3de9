export interface JobsSearch {
  /** One or more statuses, with commas. */
  readonly status?: string;
  readonly site?: string;
  /** Words of the title. */
  readonly q?: string;
}

export function readJobsSearch({ status, site, q }: Record<string, unknown>): JobsSearch {
  return {
    ...(typeof status === "string" && /^[a-z]+(,[a-z]+)*$/.test(status) ? { status } : {}),
    ...(typeof site === "string" && site !== "" ? { site } : {}),
    ...(typeof q === "string" && q !== "" ? { q } : {}),
  };
}
