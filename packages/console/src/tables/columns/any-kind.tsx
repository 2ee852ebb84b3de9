import { Link } from "@tanstack/react-router";
import type { ResourceKind } from "@uniview/api";
import type { AnyRow } from "../../api/rows.ts";
import { Age } from "../../ui/age.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { SiteTag } from "../../ui/site-tag.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { resourceState } from "../../ui/states.ts";
import type { Column } from "../column.ts";
import classes from "./columns.module.css";

/** The columns that every kind has, by their ids: a kind picks them in its own order. */
export function anyKind<Row extends AnyRow>(kind: ResourceKind) {
  const columns = {
    name: {
      id: "name",
      title: "Name",
      width: "minmax(170px, 2fr)",
      sort: "name",
      shown: true,
      card: "head",
      cell: (row) => (
        <Link to="/$kind/$site/$id" params={{ kind, site: row.site, id: row.id }} className={classes.name}>
          {row.name || <span className={classes.unnamed}>{row.id}</span>}
        </Link>
      ),
    },
    site: {
      id: "site",
      title: "Site",
      width: "minmax(80px, 0.7fr)",
      sort: "site",
      shown: true,
      card: "line",
      cell: (row) => <SiteTag site={row.site} />,
    },
    status: {
      id: "status",
      title: "Status",
      width: "minmax(120px, 1fr)",
      sort: "status",
      shown: true,
      card: "mark",
      cell: (row) => <StateMark state={resourceState(row.status)} />,
    },
    project: {
      id: "project",
      title: "Project",
      width: "minmax(90px, 0.8fr)",
      sort: "project_name",
      shown: false,
      cell: (row) => row.project_name,
    },
    id: {
      id: "id",
      title: "Id",
      width: "minmax(130px, 1fr)",
      shown: false,
      cell: (row) => <Copyable value={row.id} what="id" />,
    },
    created: {
      id: "created",
      title: "Created",
      width: "96px",
      sort: "created_at",
      shown: false,
      cell: (row) => <Age at={row.created_at} never="–" />,
    },
    updated: {
      id: "updated",
      title: "Changed",
      width: "96px",
      sort: "updated_at",
      shown: true,
      cell: (row) => <Age at={row.updated_at} never="–" />,
    },
  } as const satisfies Record<string, Column<Row>>;
  return columns as { readonly [Id in keyof typeof columns]: Column<Row> };
}

/** The same column, shown where it usually is not. */
export function shown<Row>(column: Column<Row>): Column<Row> {
  return { ...column, shown: true };
}
