/** The tab of a page is in its URL; the first one is not, so that the plain link shows it. */
export interface TabSearch {
  readonly tab?: string;
}

export function readTab({ tab }: Record<string, unknown>): TabSearch {
  return typeof tab === "string" && /^[a-z-]+$/.test(tab) ? { tab } : {};
}
