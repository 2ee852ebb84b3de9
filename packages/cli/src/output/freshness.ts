import type { SiteFreshness } from "@uniview/api";
import type { Paint } from "./paint.ts";
import { formatAge } from "./quantities.ts";
import { siteState } from "./state.ts";
import { harmless } from "./text-width.ts";

/** A line for each site whose part of a list is not fresh: its name, state, age, and what is wrong. */
export function renderFreshness(sites: readonly SiteFreshness[], paint: Paint, now: Date): string {
  return sites
    .filter(({ state }) => state !== "fresh")
    .map(({ site, state, as_of, problem }) => {
      const { text, style } = siteState(state);
      const age = as_of === null ? "never read in full" : `as of ${formatAge(as_of, now)}`;
      const why = problem ? `: ${harmless(problem.detail)}` : "";
      return `${style ? paint(style, text) : text}  ${site}, ${age}${why}`;
    })
    .join("\n");
}
