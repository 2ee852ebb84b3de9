import type { Cli } from "../cli.ts";
import { createLiveRegion } from "../live/live-region.ts";
import { renderProgress } from "../output/progress-view.ts";
import { Pace } from "./pace.ts";

const REDRAW_MS = 100;

/** How bytes that move are shown: what is done, the rate and the time left. */
export interface ByteScreen extends Disposable {
  show(done_bytes: number, total_bytes: number | null): void;
}

/** On a terminal one line that is drawn over; elsewhere nothing. */
export function byteScreen(cli: Cli, title: string): ByteScreen {
  const { errors } = cli.surroundings;
  if (!errors.isTTY) return { show() {}, [Symbol.dispose]() {} };
  const region = createLiveRegion(errors);
  const pace = new Pace();
  let drawn_at = Number.NEGATIVE_INFINITY;
  return {
    show(done_bytes, total_bytes) {
      const now = performance.now();
      if (now - drawn_at < REDRAW_MS) return;
      drawn_at = now;
      region.draw([
        `${title}  ${renderProgress(pace.progress(done_bytes, total_bytes, now), cli.paint_note)}`,
      ]);
    },
    [Symbol.dispose]: () => region.clear(),
  };
}
