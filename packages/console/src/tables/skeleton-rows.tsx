import { Skeleton } from "@mantine/core";
import type { CSSProperties } from "react";
import classes from "./data-table.module.css";

const USUAL_ROWS = 12;
/** Widths as uneven as names are, in percent. */
const WIDTHS = [62, 48, 70, 55, 40, 66];

interface SkeletonRowsProps {
  readonly columns: number;
  readonly tracks: string;
  readonly rows?: number;
}

export function SkeletonRows({ columns, tracks, rows = USUAL_ROWS }: SkeletonRowsProps) {
  return (
    <div aria-hidden style={{ "--tracks": tracks } as CSSProperties}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing but their place
        <div key={row} className={classes.ghost}>
          {Array.from({ length: columns }, (_, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing but their place
            <div key={column} className={classes.cell}>
              <Skeleton height={10} width={`${WIDTHS[(row + column) % WIDTHS.length]}%`} />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
