import { type Paint, plain, type Style } from "./paint.ts";
import { cutTo, harmless, widthOf } from "./text-width.ts";

/** One cell: its text, and how to colour it. */
export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Cell | string | number | null | undefined;
  /** Numbers stand at the right. */
  readonly align?: "right";
  /** Columns that a narrow terminal may cut down to `MIN_CUT_WIDTH`; the others stay whole. */
  readonly cut?: true;
}

const GAP = "  ";
/** A cut column keeps at least this many columns: less tells nothing. */
const MIN_CUT_WIDTH = 8;
const NOTHING = "–";

/**
 * A table for people: a header, aligned columns, no boxes.
 *
 * @param width columns of the terminal; absent = as wide as it gets (a pipe cuts nothing)
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { paint = plain, width }: { readonly paint?: Paint; readonly width?: number | undefined } = {},
): string {
  const cells = rows.map((row) => columns.map((column) => cellOf(column.cell(row))));
  const wanted = columns.map((column, at) =>
    Math.max(widthOf(column.title), ...cells.map((line) => widthOf(line[at]?.text ?? ""))),
  );
  const widths = width === undefined ? wanted : fit(columns, wanted, width);
  const header = columns.map((column) => ({ text: column.title, style: "dim" as const }));
  return [header, ...cells]
    .map((line) =>
      line
        .map((cell, at) => pad(cell, columns[at]?.align, widths[at] ?? 0, paint))
        .join(GAP)
        .trimEnd(),
    )
    .join("\n");
}

/** Takes what is too much from the widest of the columns that may be cut, one column of the terminal at a time. */
function fit<Row>(columns: readonly Column<Row>[], wanted: readonly number[], width: number): number[] {
  const widths = [...wanted];
  let excess = widths.reduce((sum, each) => sum + each, 0) + GAP.length * (widths.length - 1) - width;
  while (excess > 0) {
    const widest = columns.reduce<number | undefined>((best, column, at) => {
      const here = widths[at] ?? 0;
      if (!column.cut || here <= MIN_CUT_WIDTH) return best;
      return best === undefined || here > (widths[best] ?? 0) ? at : best;
    }, undefined);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function cellOf(value: Cell | string | number | null | undefined): Cell {
  const cell = typeof value === "object" && value !== null ? value : { text: String(value ?? "") };
  return cell.text === "" ? { text: NOTHING, style: "dim" } : { ...cell, text: harmless(cell.text) };
}

function pad(cell: Cell, align: "right" | undefined, width: number, paint: Paint): string {
  const text = cutTo(cell.text, width);
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  const painted = cell.style ? paint(cell.style, text) : text;
  return align === "right" ? space + painted : painted + space;
}
