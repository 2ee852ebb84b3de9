const LENGTH = "2026-06-01T10:00:00Z".length;
const SEPARATORS = [
  [4, "-"],
  [7, "-"],
  [10, "T"],
  [13, ":"],
  [16, ":"],
  [19, "Z"],
].map(([at, sign]) => [Number(at), String(sign).charCodeAt(0)] as const);
const ZERO = 0x30;
/** Every month has so many days. */
const SAFE_DAYS = 28;

/**
 * An instant as Nova spells it, `2026-06-01T10:00:00Z`.
 *
 * @returns milliseconds since 1970; NaN: it is spelled otherwise, or on one of a month's last days
 */
export function usualInstant(bytes: Uint8Array, from: number, to: number): number {
  if (to - from !== LENGTH) return Number.NaN;
  for (const [at, sign] of SEPARATORS) if (bytes[from + at] !== sign) return Number.NaN;
  const year = 100 * twoDigits(bytes, from) + twoDigits(bytes, from + 2);
  const month = twoDigits(bytes, from + 5);
  const day = twoDigits(bytes, from + 8);
  const hour = twoDigits(bytes, from + 11);
  const minute = twoDigits(bytes, from + 14);
  const second = twoDigits(bytes, from + 17);
  const is_usual =
    year >= 1000 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= SAFE_DAYS &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  return is_usual ? Date.UTC(year, month - 1, day, hour, minute, second) : Number.NaN;
}

/** NaN where they are none. */
function twoDigits(bytes: Uint8Array, from: number): number {
  const tens = (bytes[from] ?? 0) - ZERO;
  const ones = (bytes[from + 1] ?? 0) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : Number.NaN;
}
