import { useMediaQuery } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, type MouseEvent, type ReactNode, useEffect, useRef } from "react";
import { TableCard } from "./card.tsx";
import type { Column } from "./column.ts";
import classes from "./data-table.module.css";
import { TableHead } from "./head.tsx";
import { useRowKeys } from "./row-keys.ts";
import { SkeletonRows } from "./skeleton-rows.tsx";

const ROW_PX = 38;
const CARD_PX = 78;
/** Rows beyond the window, so that fast scrolling meets no white. */
const OVERSCAN = 12;
/** Rows before the end at which the next page is fetched. */
const AHEAD = 40;
/** What stands for the page that is on its way. */
const MORE_ROWS = 3;

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly onOpen: (row: Row) => void;
  readonly sort?: string;
  readonly onSort?: (field: string) => void;
  /** The last cell of each row: its menu. */
  readonly actions?: (row: Row) => ReactNode;
  readonly loading: boolean;
  readonly more?: { readonly there: boolean; readonly loading: boolean; readonly load: () => void };
  /** What stands in place of rows where there are none. */
  readonly empty: ReactNode;
}

/** Any number of rows, of which only the seen ones are in the page; on a narrow screen each becomes a card. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, keyOf, onOpen, sort, onSort, actions, loading, more, empty } = props;
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false }) ?? false;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? CARD_PX : ROW_PX),
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : keyOf(row);
    },
    overscan: OVERSCAN,
  });
  const keys = useRowKeys({
    count: rows.length,
    scrollTo: (index) => virtual.scrollToIndex(index),
    open: (index) => {
      const row = rows[index];
      if (row !== undefined) onOpen(row);
    },
  });

  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more?.there && !more.loading && last >= rows.length - AHEAD) more.load();
  }, [more, last, rows.length]);

  const tracks = [...columns.map((column) => column.width), ...(actions ? ["40px"] : [])].join(" ");
  const Content = narrow ? TableCard : Cells;
  return (
    <div ref={scroller} className={classes.scroller} data-narrow={narrow || undefined}>
      <table
        aria-label={label}
        aria-rowcount={more?.there ? -1 : rows.length + 1}
        aria-busy={loading}
        className={classes.table}
        style={{ "--tracks": tracks } as CSSProperties}
      >
        {!narrow && <TableHead columns={columns} sort={sort} onSort={onSort} withActions={!!actions} />}
        <tbody className={classes.body} style={{ height: virtual.getTotalSize() }} onKeyDown={keys.onKeyDown}>
          {items.map(({ index, key, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <tr
                key={key}
                ref={narrow ? virtual.measureElement : undefined}
                data-index={index}
                aria-rowindex={index + 2}
                tabIndex={index === keys.at ? 0 : -1}
                className={narrow ? classes.card : classes.row}
                style={{ transform: `translateY(${start}px)` }}
                onFocus={() => keys.move(index)}
                onClick={(event) => isPlainClick(event) && onOpen(row)}
              >
                <Content columns={columns} row={row} actions={actions?.(row)} />
              </tr>
            );
          })}
        </tbody>
      </table>
      {loading && <SkeletonRows columns={columns.length} tracks={tracks} />}
      {more?.loading && <SkeletonRows columns={columns.length} tracks={tracks} rows={MORE_ROWS} />}
      {!loading && rows.length === 0 && empty}
    </div>
  );
}

interface CellsProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly row: Row;
  readonly actions: ReactNode;
}

function Cells<Row>({ columns, row, actions }: CellsProps<Row>) {
  return (
    <>
      {columns.map((column) => (
        <td key={column.id} className={classes.cell} data-align={column.align}>
          {column.cell(row)}
        </td>
      ))}
      {actions !== undefined && <td className={classes.actions}>{actions}</td>}
    </>
  );
}

/** A click on a row opens it, unless it was meant for something in it or for marking text. */
function isPlainClick(event: MouseEvent): boolean {
  const target = event.target as HTMLElement;
  if (!event.currentTarget.contains(target) || target.closest("a, button, input, [role=menu]")) return false;
  return window.getSelection()?.type !== "Range";
}
