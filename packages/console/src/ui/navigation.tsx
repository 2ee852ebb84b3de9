import {
  IconActivity,
  IconBinaryTree2,
  IconBuildingCommunity,
  IconCpu,
  IconDatabase,
  IconDisc,
  IconKey,
  IconLayoutDashboard,
  IconPlugConnected,
  IconServer,
  IconShield,
  IconTerminal2,
  IconTicket,
  IconUsers,
} from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ResourceKind, Site } from "@uniview/api";
import type { ReactNode } from "react";
import { sessionQuery } from "../api/identity.ts";
import { jobsQuery, OPEN_STATUSES } from "../api/jobs.ts";
import { sitesQuery } from "../api/sites.ts";
import { KINDS } from "../paths/kinds.ts";
import classes from "./navigation.module.css";
import { countText } from "./units.ts";

type Icon = typeof IconServer;

const KIND_ICONS: Record<ResourceKind, Icon> = {
  servers: IconServer,
  volumes: IconDatabase,
  images: IconDisc,
  flavors: IconCpu,
  networks: IconBinaryTree2,
  ports: IconPlugConnected,
  "security-groups": IconShield,
  keypairs: IconKey,
};

export function Navigation() {
  const sites = useQuery(sitesQuery);
  const session = useQuery(sessionQuery);
  const open = useInfiniteQuery(jobsQuery({ status: OPEN_STATUSES }));
  const openJobs = open.data?.pages[0]?.items.length ?? 0;
  return (
    <nav className={classes.navigation} aria-label="Main">
      <Item icon={IconLayoutDashboard} to="/" exact>
        Overview
      </Item>
      <Item icon={IconBuildingCommunity} to="/sites" count={sites.data?.length}>
        Sites
      </Item>
      <Item icon={IconActivity} to="/jobs" count={openJobs || undefined} lively>
        Jobs
      </Item>
      <h2 className={classes.heading}>Inventory</h2>
      {(Object.keys(KINDS) as ResourceKind[]).map((kind) => (
        <Item
          key={kind}
          icon={KIND_ICONS[kind]}
          to="/$kind"
          params={{ kind }}
          count={sites.data && countOf(sites.data, kind)}
        >
          {KINDS[kind].title}
        </Item>
      ))}
      <h2 className={classes.heading}>Access</h2>
      <Item icon={IconTerminal2} to="/tools">
        Your tools
      </Item>
      <Item icon={IconTicket} to="/tokens">
        API tokens
      </Item>
      {session.data?.user.role === "administrator" && (
        <Item icon={IconUsers} to="/users">
          Users
        </Item>
      )}
    </nav>
  );
}

interface ItemProps {
  readonly icon: Icon;
  readonly to: NonNullable<LinkProps["to"]>;
  readonly params?: { readonly kind: ResourceKind };
  readonly exact?: boolean;
  readonly count?: number | undefined;
  /** The count is of things at work. */
  readonly lively?: boolean;
  readonly children: ReactNode;
}

function Item({ icon: Icon, to, params, exact = false, count, lively = false, children }: ItemProps) {
  return (
    <Link
      to={to}
      {...(params ? { params } : {})}
      className={classes.item}
      activeOptions={{ exact, includeSearch: false }}
      activeProps={{ "data-active": true }}
    >
      <Icon size={17} stroke={1.6} aria-hidden />
      <span className={classes.label}>{children}</span>
      {count !== undefined && (
        <span className={classes.count} data-lively={lively || undefined} aria-hidden={!lively}>
          {countText(count)}
        </span>
      )}
    </Link>
  );
}

function countOf(sites: readonly Site[], kind: ResourceKind): number {
  return sites.reduce((sum, site) => sum + (site.counts[kind] ?? 0), 0);
}
