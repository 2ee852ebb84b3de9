import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JobDetail } from "@uniview/api";
import { isOpen, jobQuery } from "../api/jobs.ts";
import { Age, Duration } from "../ui/age.tsx";
import { Copyable } from "../ui/copyable.tsx";
import { Fact, Facts } from "../ui/facts.tsx";
import { JobButtons } from "../ui/job-buttons.tsx";
import { JobLog } from "../ui/job-log.tsx";
import { JobOutcome } from "../ui/job-outcome.tsx";
import { JobSteps } from "../ui/job-steps.tsx";
import { MigrationOutcome, migrationResult } from "../ui/migration-outcome.tsx";
import { Page, Section } from "../ui/page.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { JOB_STATES } from "../ui/states.ts";

const route = getRouteApi("/shell/jobs/$id");

/** One job, live: where it stands, what each step does, and how it ended. */
export function JobPage() {
  const { id } = route.useParams();
  const job = useQuery(jobQuery(id));
  const trail = <Link to="/jobs">Jobs</Link>;
  if (job.isError) {
    return (
      <Page title="Job" trail={trail}>
        <ProblemBox problem={job.error} retry={() => void job.refetch()} />
      </Page>
    );
  }
  if (!job.data) {
    return (
      <Page title="…" trail={trail}>
        <Skeleton height={70} />
        <Skeleton height={360} />
      </Page>
    );
  }
  const { title, status, steps, log, result, kind } = job.data;
  const migrated = kind.endsWith("migration") ? migrationResult(result) : undefined;
  return (
    <Page
      title={title}
      trail={trail}
      aside={<StateMark state={JOB_STATES[status]} pill />}
      actions={<JobButtons job={job.data} />}
    >
      <JobFacts job={job.data} />
      <JobOutcome job={job.data} />
      {migrated && <MigrationOutcome result={migrated} />}
      <Section title="Steps">
        <JobSteps steps={steps} ended={!isOpen(status)} />
      </Section>
      <Section title="Log">
        <JobLog lines={log} />
      </Section>
    </Page>
  );
}

function JobFacts({ job }: { readonly job: JobDetail }) {
  const { site, server_id, target_site } = job.labels;
  return (
    <Facts columns>
      {site && (
        <Fact name="From">
          {server_id ? (
            <Link to="/servers/$site/$id" params={{ site, id: server_id }}>
              {site}
            </Link>
          ) : (
            site
          )}
        </Fact>
      )}
      {target_site && (
        <Fact name="To">
          <Link to="/sites/$name" params={{ name: target_site }}>
            {target_site}
          </Link>
        </Fact>
      )}
      <Fact name="Started">
        <Age at={job.started_at} never="not yet" />
      </Fact>
      <Fact name={job.ended_at ? "Took" : "Runs for"}>
        {job.started_at && <Duration from={job.started_at} to={job.ended_at} />}
      </Fact>
      <Fact name="By">{job.owner}</Fact>
      <Fact name="Id">
        <Copyable value={job.id} what="id" shown={job.id.slice(0, 8)} />
      </Fact>
      {job.retry_of && (
        <Fact name="Again for">
          <Link to="/jobs/$id" params={{ id: job.retry_of }}>
            {job.retry_of.slice(0, 8)}
          </Link>
        </Fact>
      )}
    </Facts>
  );
}
