import type { Freshness, JobStatus, JobStep } from "@uniview/api";
import type { Style } from "./paint.ts";
import type { Cell } from "./table.ts";

/** A state is a sign and a word, never a colour alone. */
function state(sign: string, word: string, style: Style): Cell {
  return { text: `${sign} ${word}`, style };
}

const AT_WORK =
  /ING$|^(BUILD|REBOOT|HARD_REBOOT|RESIZE|VERIFY_RESIZE|MIGRATING|REBUILD|PASSWORD|QUEUED|SAVING)$/i;
const GOOD = /^(active|available|in-use|ok)$/i;
const BAD = /error|killed|unavailable/i;

/** OpenStack's own word for a status, whatever kind of resource it belongs to. */
export function resourceState(status: string | null): Cell {
  if (status === null) return { text: "" };
  if (BAD.test(status)) return state("✗", status, "red");
  if (GOOD.test(status)) return state("●", status, "green");
  if (AT_WORK.test(status)) return state("◐", status, "yellow");
  return state("○", status, "dim");
}

export function siteState(freshness: Freshness): Cell {
  if (freshness === "fresh") return state("●", freshness, "green");
  return freshness === "stale" ? state("◐", freshness, "yellow") : state("✗", freshness, "red");
}

/** A job and its steps share their words, and look alike where they do. */
const LOOKS: Record<JobStatus | JobStep["status"], [sign: string, style: Style]> = {
  queued: ["○", "dim"],
  pending: ["○", "dim"],
  running: ["◐", "cyan"],
  waiting: ["◐", "yellow"],
  undoing: ["◐", "yellow"],
  succeeded: ["✓", "green"],
  undone: ["↩", "yellow"],
  cancelled: ["↩", "yellow"],
  stuck: ["✗", "red"],
  failed: ["✗", "red"],
};

export function progressState(status: JobStatus | JobStep["status"]): Cell {
  const [sign, style] = LOOKS[status];
  return state(sign, status, style);
}

export function outcomeState(outcome: "pass" | "warn" | "fail"): Cell {
  if (outcome === "pass") return state("✓", outcome, "green");
  return outcome === "warn" ? state("!", outcome, "yellow") : state("✗", outcome, "red");
}
