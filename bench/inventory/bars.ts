import { median } from "./measure.ts";
import type { Round, Shape } from "./round.ts";

export interface Bar {
  readonly id: string;
  /** null: it could not be measured. */
  readonly value: number | null;
  readonly op: ">=" | "<=" | "<";
  readonly target: number;
  readonly holds: boolean;
}

/** Terms that one server has: an index must find them without looking at the rest. */
const PINPOINTS: ReadonlySet<string> = new Set(["IP", "UUID", "part of a UUID"]);

/** The bars of the inventory: what each means stands in bench/README.md. */
export function barsOf(rounds: readonly Round[], shape: Shape): Bar[] {
  const over = (value: (round: Round) => number) => median(rounds.map(value));
  const { sites, peer_sites } = shape;
  const worst = (round: Round, chosen: (what: string) => boolean) =>
    Math.max(...round.searches.filter(({ what }) => chosen(what)).map((one) => one.ours_ms / one.scan_ms));
  const delays = rounds.flatMap(({ dead_site }) =>
    dead_site.map(({ absent_s, dead_s }) => (dead_s / absent_s - 1) * 100),
  );
  const has_peer = rounds.every(({ peer }) => peer !== undefined);
  return [
    bar(
      "C1",
      has_peer
        ? over(({ peer, first }) => ((peer?.wall_s ?? 0) * (sites / peer_sites)) / first.wall_s)
        : null,
      ">=",
      40,
    ),
    bar(
      "C2",
      over(({ first, rest }) => first.cpu_s + rest.cpu_s),
      "<=",
      12,
    ),
    bar(
      "C2_rss",
      over(({ rest }) => rest.rss_mib),
      "<=",
      256,
    ),
    bar(
      "C3",
      over(({ first, rest, refresh }) => (first.cpu_s + rest.cpu_s) / refresh.cpu_s),
      ">=",
      15,
    ),
    bar(
      "C3_unchanged",
      over(({ full, refresh }) => full.cpu_s / refresh.cpu_s),
      ">=",
      12,
    ),
    bar("C4", median(delays), "<", 5),
    bar(
      "C5",
      over((round) => worst(round, () => true)),
      "<=",
      1,
    ),
    bar(
      "C5_pinpoint",
      over((round) => worst(round, (what) => PINPOINTS.has(what))),
      "<=",
      0.25,
    ),
  ];
}

function bar(id: string, measured: number | null, op: Bar["op"], target: number): Bar {
  if (measured === null) return { id, value: null, op, target, holds: false };
  const holds = op === ">=" ? measured >= target : op === "<=" ? measured <= target : measured < target;
  return { id, value: Number(measured.toPrecision(4)), op, target, holds };
}
