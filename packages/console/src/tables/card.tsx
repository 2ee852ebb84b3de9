import { Fragment, type ReactNode } from "react";
import type { Column } from "./column.ts";
import classes from "./data-table.module.css";

interface TableCardProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly row: Row;
  readonly actions: ReactNode;
}

/** A row on a narrow screen: what it is and how it does, and below that what tells it from others. */
export function TableCard<Row>({ columns, row, actions }: TableCardProps<Row>) {
  const at = (place: Column<Row>["card"]) => columns.filter((column) => column.card === place);
  return (
    <td className={classes.cardBody}>
      <div className={classes.cardText}>
        <div className={classes.cardHead}>
          {at("head").map((column) => (
            <Fragment key={column.id}>{column.cell(row)}</Fragment>
          ))}
          <span className={classes.cardMark}>{at("mark").map((column) => column.cell(row))[0]}</span>
        </div>
        <div className={classes.cardLine}>
          {at("line").map((column) => (
            <span key={column.id} className="truncate">
              {column.cell(row)}
            </span>
          ))}
        </div>
      </div>
      {actions}
    </td>
  );
}
