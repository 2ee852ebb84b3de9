const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** Three digits that count, and the unit: `0 B`, `512 MiB`, `1.25 GiB`, `20 GiB`. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1023.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${trimZeros(value.toFixed(digits))} ${UNITS[unit]}`;
}

export function rateText(bytesPerSecond: number): string {
  return `${sizeText(Math.max(0, bytesPerSecond))}/s`;
}

/** A server's memory: Nova counts it in MiB. */
export function memoryText(ramMb: number): string {
  return sizeText(ramMb * 2 ** 20);
}

/** `0.4 s`, `42 s`, `3 min 05 s`, `2 h 14 min`, `3 d 4 h`: the two units that count. */
export function durationText(seconds: number): string {
  if (seconds < 9.95) return `${trimZeros(Math.max(0, seconds).toFixed(1))} s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${pad(s % 60)} s`;
  const min = Math.floor(s / 60);
  if (min < 24 * 60) return `${Math.floor(min / 60)} h ${pad(min % 60)} min`;
  const h = Math.floor(min / 60);
  return `${Math.floor(h / 24)} d ${h % 24} h`;
}

export function countText(count: number): string {
  return count.toLocaleString("en");
}

/** `1 disk`, `2 disks`. */
export function amountText(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

function trimZeros(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
