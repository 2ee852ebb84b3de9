import { Skeleton, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { call, endpoints } from "../api/client.ts";
import { serverQuery } from "../api/inventory.ts";
import { planQuery } from "../api/jobs.ts";
import { sitesQuery } from "../api/sites.ts";
import { MigrationBar } from "../forms/migration-bar.tsx";
import { MigrationOptions } from "../forms/migration-options.tsx";
import { MigrationReview } from "../forms/migration-review.tsx";
import { TargetSites } from "../forms/target-sites.tsx";
import { type MigrationSearch, readMappings, withMapping } from "../paths/migration-search.ts";
import { Page, Section } from "../ui/page.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";
import { SiteTag } from "../ui/site-tag.tsx";

const route = getRouteApi("/shell/servers/$site/$id/migrate");

/** Where to, what that means, and one button. Every choice is in the URL. */
export function MigratePage() {
  const { site, id } = route.useParams();
  const choice = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const server = useQuery(serverQuery(site, id));
  const sites = useQuery(sitesQuery);
  const name = server.data?.item.name ?? "…";

  const change = (part: { [Key in keyof MigrationSearch]: MigrationSearch[Key] | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...part }) as MigrationSearch, replace: true });

  const target = sites.data?.find((each) => each.name === choice.to);
  const needsProject = (target?.projects.length ?? 0) > 1;
  const project = choice.project ?? (needsProject ? target?.projects[0]?.id : undefined);
  const body = {
    server: { site, id },
    to: choice.to ?? "",
    mappings: readMappings(choice.map),
    keep_source_running: choice.running === "yes",
    ...(project ? { to_project_id: project } : {}),
    ...(choice.name ? { name: choice.name } : {}),
  };
  const plan = useQuery({ ...planQuery(body), enabled: choice.to !== undefined });
  const start = useMutation({
    mutationFn: () => call(endpoints.startMigration, { body }),
    onSuccess: async (job) => {
      void queries.invalidateQueries({ queryKey: ["jobs"] });
      await navigate({ to: "/jobs/$id", params: { id: job.id } });
    },
  });
  // a plan for another target is no answer to this question
  const shown = plan.data?.target.site === choice.to ? plan.data : undefined;

  return (
    <Page
      title={`Migrate ${name}`}
      aside={<SiteTag site={site} />}
      trail={
        <>
          <Link to="/$kind" params={{ kind: "servers" }}>
            Servers
          </Link>
          <span>/</span>
          <Link to="/servers/$site/$id" params={{ site, id }}>
            {name}
          </Link>
        </>
      }
    >
      {server.isError && <ProblemBox problem={server.error} retry={() => void server.refetch()} />}
      <Section title="Target site">
        {sites.data ? (
          <TargetSites
            sites={sites.data.filter((each) => each.name !== site)}
            chosen={choice.to}
            onChoose={(to) => change({ to, project: undefined, map: undefined })}
          />
        ) : (
          <Skeleton height={92} />
        )}
      </Section>
      {choice.to && (
        <MigrationOptions
          name={choice.name ?? ""}
          usualName={name}
          running={choice.running === "yes"}
          projects={needsProject ? (target?.projects ?? []) : []}
          project={project}
          onChange={change}
        />
      )}
      {plan.isError && <ProblemBox problem={plan.error} retry={() => void plan.refetch()} />}
      {choice.to && plan.isPending && <PlanSkeleton />}
      {shown && !plan.isError && (
        <>
          <MigrationReview
            plan={shown}
            replanning={plan.isFetching}
            onMap={(kind, source, to) => change({ map: withMapping(choice.map, kind, source, to) })}
          />
          {start.isError && <ProblemBox problem={start.error} />}
          <MigrationBar
            plan={shown}
            replanning={plan.isFetching}
            starting={start.isPending}
            onStart={() => start.mutate()}
          />
        </>
      )}
    </Page>
  );
}

function PlanSkeleton() {
  return (
    <Stack gap="md" aria-label="Planning">
      <Skeleton height={24} width={180} />
      <Skeleton height={140} />
      <Skeleton height={180} />
    </Stack>
  );
}
