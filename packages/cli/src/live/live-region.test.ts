import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { createLiveRegion } from "./live-region.ts";

const UP_AND_ERASE = new RegExp(`${"\\u001B"}\\[(\\d+)A${"\\u001B"}\\[0J`);

/** As much of a terminal as the region uses: lines, the cursor up, erase to the end. */
function terminal(columns: number) {
  let lines: string[] = [];
  return {
    columns,
    shown: () => lines.map(stripVTControlCharacters),
    write(text: string) {
      const up = UP_AND_ERASE.exec(text);
      if (up) lines = lines.slice(0, lines.length - Number(up[1]));
      lines.push(
        ...text
          .slice(up ? up[0].length : 0)
          .split("\n")
          .slice(0, -1),
      );
    },
  };
}

test("lines are drawn over, and what is printed above them stays", () => {
  const screen = terminal(80);
  const region = createLiveRegion(screen);
  region.draw(["copying", "10%"]);
  region.draw(["copying", "20%"]);
  region.printAbove("stopped");
  region.draw(["copying", "30%"]);
  expect(screen.shown()).toEqual(["stopped", "copying", "30%"]);
  region.clear();
  expect(screen.shown()).toEqual(["stopped"]);
});

test("a line that would wrap is cut, since two lines could not be drawn over as one", () => {
  const screen = terminal(10);
  createLiveRegion(screen).draw(["\u001B[31mmuch too long\u001B[39m"]);
  expect(screen.shown()).toEqual(["much too…"]);
});
