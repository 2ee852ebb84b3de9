/** Releases from the oldest that is recognised to the newest known, in order. */
export const RELEASES = [
  "Newton",
  "Ocata",
  "Pike",
  "Queens",
  "Rocky",
  "Stein",
  "Train",
  "Ussuri",
  "Victoria",
  "Wallaby",
  "Xena",
  "Yoga",
  "Zed",
  "2023.1",
  "2023.2",
  "2024.1",
  "2024.2",
  "2025.1",
  "2025.2",
  "2026.1",
] as const;

export type Release = (typeof RELEASES)[number];

/** From one release to another, both included. */
export interface ReleaseRange {
  from: Release;
  to: Release;
  /** `to` is the newest release known, and nothing says that it is not a later one. */
  or_newer: boolean;
}

export function orderOf(release: Release): number {
  return RELEASES.indexOf(release);
}

/** `Zed`, `2024.1 to 2024.2`, `2026.1 or newer`. */
export function nameRange({ from, to, or_newer }: ReleaseRange): string {
  if (or_newer) return `${from} or newer`;
  return from === to ? from : `${from} to ${to}`;
}
