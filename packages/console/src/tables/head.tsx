import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { nextSort } from "../paths/list-search.ts";
import type { Column } from "./column.ts";
import classes from "./data-table.module.css";

interface TableHeadProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sort: string | undefined;
  readonly onSort: ((field: string) => void) | undefined;
  readonly withActions: boolean;
}

export function TableHead<Row>({ columns, sort, onSort, withActions }: TableHeadProps<Row>) {
  return (
    <thead className={classes.head}>
      <tr className={classes.heads} aria-rowindex={1}>
        {columns.map((column) => (
          <Head key={column.id} column={column} sort={sort} onSort={onSort} />
        ))}
        {withActions && <th aria-label="Actions" />}
      </tr>
    </thead>
  );
}

interface HeadProps<Row> {
  readonly column: Column<Row>;
  readonly sort: string | undefined;
  readonly onSort: ((field: string) => void) | undefined;
}

function Head<Row>({ column, sort, onSort }: HeadProps<Row>) {
  const field = column.sort;
  const order = field === undefined ? undefined : orderOf(sort, field);
  return (
    <th scope="col" aria-sort={order} className={classes.th} data-align={column.align}>
      {field !== undefined && onSort ? (
        <button type="button" className={classes.sort} onClick={() => onSort(nextSort(sort ?? "", field))}>
          {column.title}
          {order === "ascending" && <IconArrowUp size={13} aria-hidden />}
          {order === "descending" && <IconArrowDown size={13} aria-hidden />}
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}

function orderOf(sort: string | undefined, field: string): "ascending" | "descending" | "none" {
  if (sort === field) return "ascending";
  return sort === `-${field}` ? "descending" : "none";
}
