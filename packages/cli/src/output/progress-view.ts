import type { Progress } from "@uniview/api";
import type { Paint } from "./paint.ts";
import { formatBytes, formatDuration, formatRate } from "./quantities.ts";

const BAR_WIDTH = 24;

/** `━━━━━━━━━━──────────────  42%  1.2 GiB of 2.9 GiB  88 MiB/s  20s left`; only what is known. */
export function renderProgress(
  { bytes_done, bytes_total, rate_bytes_per_s, remaining_s }: Progress,
  paint: Paint,
): string {
  const parts: string[] = [];
  if (bytes_total !== null && bytes_total > 0) {
    const share = Math.min(1, bytes_done / bytes_total);
    const filled = Math.round(share * BAR_WIDTH);
    parts.push(paint("cyan", "━".repeat(filled)) + paint("dim", "─".repeat(BAR_WIDTH - filled)));
    parts.push(`${String(Math.floor(share * 100)).padStart(3)}%`);
    parts.push(`${formatBytes(bytes_done)} of ${formatBytes(bytes_total)}`);
  } else {
    parts.push(formatBytes(bytes_done));
  }
  if (rate_bytes_per_s !== null) parts.push(formatRate(rate_bytes_per_s));
  if (remaining_s !== null) parts.push(`${formatDuration(remaining_s)} left`);
  return parts.join("  ");
}
