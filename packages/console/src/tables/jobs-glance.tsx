import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Job } from "@uniview/api";
import { isOpen, jobsQuery } from "../api/jobs.ts";
import { Age } from "../ui/age.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";
import { ProgressLine } from "../ui/progress-line.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { JOB_STATES } from "../ui/states.ts";
import classes from "./glance.module.css";

const MOST = 6;

/** The newest jobs: those at work with their progress. */
export function JobsGlance() {
  const jobs = useInfiniteQuery(jobsQuery({}));
  if (jobs.isError) return <ProblemBox problem={jobs.error} retry={() => void jobs.refetch()} />;
  if (!jobs.data) return <Skeleton height={120} />;
  const all = jobs.data.pages[0]?.items ?? [];
  const rows = [...all].sort((a, b) => Number(isOpen(b.status)) - Number(isOpen(a.status))).slice(0, MOST);
  if (rows.length === 0) return <p className={classes.none}>No job yet. Migrate a server from its page.</p>;
  return (
    <ul className={classes.list}>
      {rows.map((job) => (
        <Row key={job.id} job={job} />
      ))}
    </ul>
  );
}

function Row({ job: { id, title, status, progress, started_at, created_at } }: { readonly job: Job }) {
  return (
    <li className={classes.row}>
      <div className={classes.line}>
        <Link to="/jobs/$id" params={{ id }} className={classes.title}>
          {title}
        </Link>
        <StateMark state={JOB_STATES[status]} />
        <span className={classes.age}>
          <Age at={started_at ?? created_at} />
        </span>
      </div>
      {isOpen(status) && progress && <ProgressLine progress={progress} label={`Progress of ${title}`} />}
    </li>
  );
}
