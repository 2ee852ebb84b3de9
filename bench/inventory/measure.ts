import { readdirSync, readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** What a piece of work cost the process that did it. */
export interface Cost {
  readonly wall_s: number;
  /** User and system, all threads. */
  readonly cpu_s: number;
  /** The most that the process ever had. */
  readonly rss_mib: number;
  /** The longest that its event loop did not turn. */
  readonly blocked_ms: number;
}

const RESOLUTION_MS = 5;
const MICROSECONDS = 1e6;

export async function measure(work: () => Promise<unknown>): Promise<Cost> {
  const turns = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  turns.enable();
  const cpu = process.cpuUsage();
  const began = performance.now();
  await work();
  const wall_s = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  turns.disable();
  return {
    wall_s,
    cpu_s: (user + system) / MICROSECONDS,
    rss_mib: process.resourceUsage().maxRSS / 1024,
    blocked_ms: turns.max / 1e6,
  };
}

const TICKS_A_SECOND = 100;

/** CPU seconds so far of a process, its children and those of them that ended. Linux. */
export function cpuOfTree(pid: number): number {
  const children = new Map<number, number[]>();
  const ticks = new Map<number, number>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const [parent, ...times] = statOf(entry);
    if (parent === undefined) continue;
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
    ticks.set(
      Number(entry),
      times.reduce((sum, one) => sum + one, 0),
    );
  }
  const sumOf = (one: number): number =>
    (ticks.get(one) ?? 0) + (children.get(one) ?? []).reduce((sum, child) => sum + sumOf(child), 0);
  return sumOf(pid) / TICKS_A_SECOND;
}

/** Parent, then user and system time of its own and of its children; nothing when it has just ended. */
function statOf(pid: string): number[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return [fields[1], ...fields.slice(11, 15)].map(Number);
  } catch {
    return [];
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? upper) + upper) / 2 : upper;
}
