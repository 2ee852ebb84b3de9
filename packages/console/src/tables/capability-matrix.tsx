import { Link } from "@tanstack/react-router";
import type { CapabilityColumn, CapabilityRow } from "@uniview/api";
import { CapabilityMark } from "../ui/capability-mark.tsx";
import { doesTitle, serviceTitle } from "../ui/capability-words.ts";
import classes from "./capability-matrix.module.css";

interface CapabilityMatrixProps {
  readonly columns: readonly CapabilityColumn[];
  readonly rows: readonly CapabilityRow[];
}

/** Capabilities down, sites across; head and first column stay while the rest scrolls. */
export function CapabilityMatrix({ columns, rows }: CapabilityMatrixProps) {
  const groups = [...Map.groupBy(rows, ({ service }) => serviceTitle(service))];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className={classes.scroller} aria-label="Matrix" tabIndex={0}>
      <table className={classes.table} aria-label="Capabilities by site">
        <thead>
          <tr>
            <th scope="col" className={classes.what}>
              To
            </th>
            {columns.map((column) => (
              <th key={column.id} scope="col">
                <Link
                  to="/sites/$name"
                  params={{ name: column.site }}
                  search={{ tab: "capabilities" }}
                  className="plain"
                >
                  {column.site}
                </Link>
                <span className={classes.project}>{column.project_name}</span>
              </th>
            ))}
          </tr>
        </thead>
        {groups.map(([title, inside]) => (
          <tbody key={title}>
            <tr>
              <th scope="rowgroup" colSpan={columns.length + 1} className={classes.service}>
                <span>{title}</span>
              </th>
            </tr>
            {inside.map((row) => (
              <tr key={row.capability} data-differs={row.differs || undefined}>
                <th scope="row" className={classes.what} title={row.rule ?? undefined}>
                  {doesTitle(row.does)}
                </th>
                {columns.map(({ id }) => {
                  const cell = row.cells.find(({ column_id }) => column_id === id);
                  return (
                    <td key={id}>
                      {cell === undefined ? (
                        <span className="dim">–</span>
                      ) : (
                        <CapabilityMark row={row} cell={cell} />
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}
