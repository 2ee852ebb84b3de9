const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** `1536` → `1.5 KiB`: powers of 1024, as Cinder and Glance count. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${trim(value, unit)} ${BYTE_UNITS[unit]}`;
}

export function formatRate(bytes_per_s: number): string {
  return `${formatBytes(bytes_per_s)}/s`;
}

/** `75` → `1m 15s`: the two largest units. */
export function formatDuration(duration_s: number): string {
  const s = Math.max(0, Math.round(duration_s));
  if (s < 60) return `${s}s`;
  if (s < 3600) return pair(Math.floor(s / 60), "m", s % 60, "s");
  if (s < 86_400) return pair(Math.floor(s / 3600), "h", Math.floor((s % 3600) / 60), "m");
  return pair(Math.floor(s / 86_400), "d", Math.floor((s % 86_400) / 3600), "h");
}

/** How long ago an instant was: `12s ago`, `3h ago`; `never` for one that has not been. */
export function formatAge(instant: string | null, now: Date): string {
  if (instant === null) return "never";
  const age_s = Math.max(0, Math.round((now.getTime() - Date.parse(instant)) / 1000));
  if (age_s < 60) return `${age_s}s ago`;
  if (age_s < 3600) return `${Math.floor(age_s / 60)}m ago`;
  if (age_s < 86_400) return `${Math.floor(age_s / 3600)}h ago`;
  return `${Math.floor(age_s / 86_400)}d ago`;
}

/** `1 server`, `2,048 servers`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString("en-GB")} ${number === 1 ? noun : plural}`;
}

function trim(value: number, unit: number): string {
  return unit === 0 || value >= 100 ? String(Math.round(value)) : value.toFixed(1).replace(/\.0$/, "");
}

function pair(large: number, large_unit: string, small: number, small_unit: string): string {
  return small === 0 ? `${large}${large_unit}` : `${large}${large_unit} ${small}${small_unit}`;
}
