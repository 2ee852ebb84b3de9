import { Progress as Bar } from "@mantine/core";
import type { Progress } from "@uniview/api";
import classes from "./progress-line.module.css";
import { durationText, rateText, sizeText } from "./units.ts";

interface ProgressLineProps {
  readonly progress: Progress;
  readonly label: string;
  /** Without its figures: where there is no room for more than the bar. */
  readonly bare?: boolean;
}

/** How far bytes have come: share, bytes of bytes, rate and what is left of the time. */
export function ProgressLine({ progress, label, bare = false }: ProgressLineProps) {
  const { bytes_done, bytes_total, rate_bytes_per_s, remaining_s } = progress;
  const percent = bytes_total ? Math.min(100, (100 * bytes_done) / bytes_total) : null;
  return (
    <div className={classes.line}>
      <Bar.Root size={6} transitionDuration={200}>
        <Bar.Section
          value={percent ?? 100}
          animated={percent === null}
          striped={percent === null}
          aria-label={label}
          aria-valuetext={
            percent === null ? `${sizeText(bytes_done)} so far` : `${Math.floor(percent)} percent`
          }
        />
      </Bar.Root>
      {!bare && (
        <div className={classes.figures}>
          {percent !== null && <strong>{Math.floor(percent)} %</strong>}
          <span>
            {sizeText(bytes_done)}
            {bytes_total === null ? "" : ` of ${sizeText(bytes_total)}`}
          </span>
          {rate_bytes_per_s !== null && <span>{rateText(rate_bytes_per_s)}</span>}
          {remaining_s !== null && <span>{durationText(Math.ceil(remaining_s))} left</span>}
        </div>
      )}
    </div>
  );
}
