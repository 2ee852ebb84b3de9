const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;
const MONTH_S = 30.44 * DAY_S;
const YEAR_S = 365.25 * DAY_S;

/** Below this an age is not worth a number, and clocks differ by as much. */
const NOW_S = 3;

/** `just now`, `12 s ago`, `5 min ago`, `3 h ago`, `8 d ago`, `in 2 d`: one unit, rounded down. */
export function ageText(instant: string, now: number): string {
  const seconds = (now - Date.parse(instant)) / 1000;
  if (Math.abs(seconds) < NOW_S) return "just now";
  const span = spanText(Math.abs(seconds));
  return seconds < 0 ? `in ${span}` : `${span} ago`;
}

/** The age without its direction, for narrow places: `12 s`, `5 min`. */
export function spanText(seconds: number): string {
  if (seconds < MINUTE_S) return `${Math.floor(seconds)} s`;
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min`;
  if (seconds < DAY_S) return `${Math.floor(seconds / HOUR_S)} h`;
  if (seconds < 4 * MONTH_S) return `${Math.floor(seconds / DAY_S)} d`;
  if (seconds < 2 * YEAR_S) return `${Math.floor(seconds / MONTH_S)} months`;
  return `${Math.floor(seconds / YEAR_S)} years`;
}

/** `2026-11-22 15:04:05 UTC`: what hovering over an age shows. */
export function instantText(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** `15:04:05` in the reader's own time zone: lines of a log. */
export function clockText(instant: string): string {
  return new Date(instant).toLocaleTimeString("en-GB");
}

export function secondsBetween(from: string, to: string | number): number {
  return Math.max(0, (new Date(to).getTime() - Date.parse(from)) / 1000);
}
