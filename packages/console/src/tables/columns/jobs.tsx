import { Link } from "@tanstack/react-router";
import type { Job } from "@uniview/api";
import { isOpen } from "../../api/jobs.ts";
import { Age, Duration } from "../../ui/age.tsx";
import { ProgressLine } from "../../ui/progress-line.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { JOB_STATES } from "../../ui/states.ts";
import { rateText } from "../../ui/units.ts";
import type { Column } from "../column.ts";
import classes from "./columns.module.css";

export const jobColumns: readonly Column<Job>[] = [
  {
    id: "title",
    title: "Job",
    width: "minmax(240px, 2.4fr)",
    shown: true,
    card: "head",
    cell: (job) => (
      <Link to="/jobs/$id" params={{ id: job.id }} className={classes.name}>
        {job.title}
      </Link>
    ),
  },
  {
    id: "status",
    title: "Status",
    width: "140px",
    shown: true,
    card: "mark",
    cell: (job) => <StateMark state={JOB_STATES[job.status]} />,
  },
  {
    id: "progress",
    title: "Progress",
    width: "minmax(180px, 1.4fr)",
    shown: true,
    card: "line",
    cell: (job) => <JobProgress job={job} />,
  },
  { id: "owner", title: "By", width: "minmax(80px, 0.6fr)", shown: true, cell: (job) => job.owner },
  {
    id: "started",
    title: "Started",
    width: "96px",
    shown: true,
    card: "line",
    cell: (job) => <Age at={job.started_at ?? job.created_at} />,
  },
  {
    id: "took",
    title: "Took",
    width: "110px",
    align: "right",
    shown: true,
    cell: (job) => (job.started_at ? <Duration from={job.started_at} to={job.ended_at} /> : "–"),
  },
];

/** What an open job does right now; of an ended one, how it ended says enough. */
function JobProgress({ job: { status, progress, current_step, title } }: { readonly job: Job }) {
  if (!isOpen(status)) return null;
  // the bytes of the last step that moved some: when all are through, what is done now says more
  if (!progress?.bytes_total || progress.bytes_done >= progress.bytes_total)
    return <span className="dim">{current_step ?? "not begun"}</span>;
  const percent = Math.floor((100 * progress.bytes_done) / progress.bytes_total);
  return (
    <span className={classes.progress}>
      <ProgressLine progress={progress} label={`Progress of ${title}`} bare />
      <span>{percent} %</span>
      {progress.rate_bytes_per_s !== null && (
        <span className="dim">{rateText(progress.rate_bytes_per_s)}</span>
      )}
    </span>
  );
}
