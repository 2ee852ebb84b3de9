import type { ReactNode } from "react";

/** One column of a list: data, not markup, so that a kind of resource is a page of definitions. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** A track of the grid: `minmax(180px, 2fr)`, `120px`. */
  readonly width: string;
  readonly cell: (row: Row) => ReactNode;
  /** The API's word for sorting by it; absent where the API cannot. */
  readonly sort?: string;
  /** Numbers stand right. */
  readonly align?: "right";
  /** Shown unless the reader chose otherwise. */
  readonly shown: boolean;
  /**
   * Its place on a narrow screen: the card's head, right of the head, or on the line below.
   * Absent: left out there.
   */
  readonly card?: "head" | "mark" | "line";
}
