import { Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { listQuery } from "../api/inventory.ts";
import { jobsQuery } from "../api/jobs.ts";
import { sitesQuery } from "../api/sites.ts";
import { SiteTag } from "../ui/site-tag.tsx";
import { StateIcon, StateMark } from "../ui/state-mark.tsx";
import { CHECK_STATES, JOB_STATES, resourceState, SITE_STATES } from "../ui/states.ts";
import classes from "./glance.module.css";

const MOST_SERVERS = 6;

/** What an operator would look at first: sites that do not answer, jobs that need a person, servers in error. */
export function Sick() {
  const sites = useQuery(sitesQuery);
  const waiting = useInfiniteQuery(jobsQuery({ status: "waiting,stuck" }));
  const servers = useInfiniteQuery(listQuery("servers", { q: "status:error", sort: "-updated_at" }));
  if (sites.isPending || waiting.isPending || servers.isPending) return <Skeleton height={120} />;

  const badSites = sites.data?.filter(({ state }) => state !== "fresh") ?? [];
  const badJobs = waiting.data?.pages[0]?.items ?? [];
  const badServers = servers.data?.pages[0]?.items.slice(0, MOST_SERVERS) ?? [];
  if (badSites.length + badJobs.length + badServers.length === 0) {
    return (
      <p className={classes.none}>
        <StateIcon state={CHECK_STATES.pass} /> All sites answer, no job waits for anybody, no server is in
        error.
      </p>
    );
  }
  return (
    <ul className={classes.list}>
      {badSites.map(({ name, state }) => (
        <li key={name} className={classes.row}>
          <div className={classes.line}>
            <Link to="/sites/$name" params={{ name }} className={classes.title}>
              Site {name}
            </Link>
            <StateMark state={SITE_STATES[state]} />
          </div>
        </li>
      ))}
      {badJobs.map(({ id, title, status }) => (
        <li key={id} className={classes.row}>
          <div className={classes.line}>
            <Link to="/jobs/$id" params={{ id }} className={classes.title}>
              {title}
            </Link>
            <StateMark state={JOB_STATES[status]} />
          </div>
        </li>
      ))}
      {badServers.map((server) => (
        <li key={`${server.site}/${server.id}`} className={classes.row}>
          <div className={classes.line}>
            <Link
              to="/servers/$site/$id"
              params={{ site: server.site, id: server.id }}
              className={classes.title}
              title={server.fault ?? undefined}
            >
              {server.name}
            </Link>
            <SiteTag site={server.site} />
            <StateMark state={resourceState(server.status)} />
          </div>
        </li>
      ))}
    </ul>
  );
}
