import type { JobDetail } from "@uniview/api";
import { clockText, instantText } from "./ages.ts";
import classes from "./job-log.module.css";

/** What the job said, the newest last; kept at its end while new lines come. */
export function JobLog({ lines }: { readonly lines: JobDetail["log"] }) {
  if (lines.length === 0) return <span className="dim">Nothing said yet.</span>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className={classes.log} role="log" aria-label="Log" tabIndex={0}>
      <ol>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a log only grows
          <li key={index} data-level={line.level}>
            <time dateTime={line.at} title={instantText(line.at)}>
              {clockText(line.at)}
            </time>
            <span className={classes.level}>{line.level === "info" ? "" : line.level}</span>
            <span>{line.message}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
