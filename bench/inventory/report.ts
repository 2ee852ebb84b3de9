import { styleText } from "node:util";
import type { Bar } from "./bars.ts";
import type { Reading, Round, Shape } from "./round.ts";

const MEANING: Readonly<Record<string, string>> = {
  C1: "times as fast as a loop of openstacksdk, up to rows stored (wall clock)",
  C2: "CPU seconds of our process for the first reading of everything, up to rows stored",
  C2_rss: "MiB at most in our process",
  C3: "times the CPU of a refresh with 1 % changed goes into C2",
  C3_unchanged: "the same, into a full reading that finds nothing new",
  C4: "% that one dead site delays the others",
  C5: "times an in-memory scan of the same rows, the worst of all searches (p50)",
  C5_pinpoint: "the same, of an IP, a UUID and a part of one",
};

export function reportRounds(rounds: readonly Round[], shape: Shape): string {
  const lines = rounds.flatMap((round, at) => [
    `round ${at + 1}`,
    ...(round.peer ? [peerLine(round.peer.wall_s, round.peer.cpu_s, shape)] : ["  openstacksdk: not run"]),
    readingLine("first reading", round.first),
    readingLine("everything else", round.rest),
    readingLine("refresh, 1 % changed", round.refresh),
    readingLine("full, none changed", round.full),
    `  without / with a dead site: ${round.dead_site.map((one) => `${one.absent_s.toFixed(2)} / ${one.dead_s.toFixed(2)} s`).join(", ")}`,
    ...round.searches.map(
      ({ what, term, ours_ms, scan_ms, found, told }) =>
        `  ${what.padEnd(15)} ${term.slice(0, 16).padEnd(17)} ours ${ours_ms.toFixed(1).padStart(6)} ms, scan ${scan_ms.toFixed(1).padStart(6)} ms, ` +
        `ratio ${(ours_ms / scan_ms).toFixed(2)}, told ${told}, are ${found}`,
    ),
  ]);
  return lines.join("\n");
}

function peerLine(wall_s: number, cpu_s: number, { sites, peer_sites }: Shape): string {
  const scale = sites / peer_sites;
  return (
    `  ${"openstacksdk".padEnd(21)} wall ${wall_s.toFixed(2)} s, CPU ${cpu_s.toFixed(2)} s for ${peer_sites} of ${sites} sites: ` +
    `scaled up ${(wall_s * scale).toFixed(0)} s and ${(cpu_s * scale).toFixed(0)} s`
  );
}

function readingLine(what: string, { wall_s, cpu_s, database_cpu_s, rss_mib, blocked_ms }: Reading): string {
  return (
    `  ${what.padEnd(21)} wall ${wall_s.toFixed(2)} s, CPU ${cpu_s.toFixed(2)} s and PostgreSQL's ${database_cpu_s.toFixed(2)} s, ` +
    `RSS ${rss_mib.toFixed(0)} MiB, event loop blocked ${blocked_ms.toFixed(0)} ms at most`
  );
}

export function reportBars(bars: readonly Bar[]): string {
  return bars
    .map(({ id, value, op, target, holds }) => {
      const verdict = holds ? styleText("green", "holds") : styleText("red", "does not hold");
      return `${id.padEnd(12)} ${String(value ?? "not measured").padStart(8)} ${op} ${target}  ${verdict}: ${MEANING[id] ?? ""}`;
    })
    .join("\n");
}
