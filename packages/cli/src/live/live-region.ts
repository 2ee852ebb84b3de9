import { stripVTControlCharacters } from "node:util";
import { cutTo, widthOf } from "../output/text-width.ts";
import type { Sink } from "../surroundings.ts";

/** Lines at the end of a terminal that are drawn over; what is printed above them stays. */
export interface LiveRegion {
  draw(lines: readonly string[]): void;
  printAbove(line: string): void;
  clear(): void;
}

const ESC = "\u001B[";

export function createLiveRegion(sink: Sink): LiveRegion {
  let shown: readonly string[] = [];
  const erase = () => (shown.length === 0 ? "" : `${ESC}${shown.length}A${ESC}0J`);
  const fitted = (lines: readonly string[]) => lines.map((line) => fitLine(line, (sink.columns ?? 80) - 1));
  return {
    draw(lines) {
      const next = fitted(lines);
      if (next.length === shown.length && next.every((line, at) => line === shown[at])) return;
      sink.write(erase() + next.map((line) => `${line}\n`).join(""));
      shown = next;
    },
    printAbove(line) {
      sink.write(`${erase()}${line}\n${shown.map((each) => `${each}\n`).join("")}`);
    },
    clear() {
      sink.write(erase());
      shown = [];
    },
  };
}

/** A line that the terminal would wrap could not be drawn over: it loses its colours and its end. */
function fitLine(line: string, width: number): string {
  return widthOf(stripVTControlCharacters(line)) <= width
    ? line
    : cutTo(stripVTControlCharacters(line), width);
}
