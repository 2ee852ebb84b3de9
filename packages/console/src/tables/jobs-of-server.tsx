import { Skeleton, Table } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { jobsQuery } from "../api/jobs.ts";
import { Age } from "../ui/age.tsx";
import { Empty } from "../ui/empty.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { JOB_STATES } from "../ui/states.ts";

/** The jobs that were about one server, the newest first. */
export function JobsOfServer({ server_id }: { readonly server_id: string }) {
  const jobs = useInfiniteQuery(jobsQuery({ server_id }));
  if (jobs.isError) return <ProblemBox problem={jobs.error} retry={() => void jobs.refetch()} />;
  if (!jobs.data) return <Skeleton height={120} />;
  const rows = jobs.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <Empty title="No job yet">Migrations of this server show here.</Empty>;
  return (
    <Table aria-label="Jobs of this server" verticalSpacing={7} fz="sm">
      <Table.Tbody>
        {rows.map((job) => (
          <Table.Tr key={job.id}>
            <Table.Td>
              <Link to="/jobs/$id" params={{ id: job.id }}>
                {job.title}
              </Link>
            </Table.Td>
            <Table.Td>
              <StateMark state={JOB_STATES[job.status]} />
            </Table.Td>
            <Table.Td>
              <Age at={job.created_at} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
