import type { Freshness, JobStatus, JobStep } from "@uniview/api";

/** How a state looks: the colour only repeats what icon and word say. */
export type Tone = "ok" | "busy" | "warn" | "bad" | "off";

export interface State {
  readonly tone: Tone;
  readonly word: string;
  /** Something is on its way: the icon turns. */
  readonly moves?: boolean;
}

export const JOB_STATES: Record<JobStatus, State> = {
  queued: { tone: "off", word: "Queued" },
  running: { tone: "busy", word: "Running", moves: true },
  waiting: { tone: "warn", word: "Waiting" },
  undoing: { tone: "warn", word: "Undoing", moves: true },
  succeeded: { tone: "ok", word: "Succeeded" },
  undone: { tone: "bad", word: "Failed, undone" },
  cancelled: { tone: "off", word: "Cancelled" },
  stuck: { tone: "bad", word: "Stuck" },
};

export const STEP_STATES: Record<JobStep["status"], State> = {
  pending: { tone: "off", word: "Pending" },
  running: { tone: "busy", word: "Running", moves: true },
  waiting: { tone: "warn", word: "Waiting" },
  succeeded: { tone: "ok", word: "Done" },
  failed: { tone: "bad", word: "Failed" },
  undoing: { tone: "warn", word: "Undoing", moves: true },
  undone: { tone: "off", word: "Undone" },
};

export const SITE_STATES: Record<Freshness, State> = {
  fresh: { tone: "ok", word: "Fresh" },
  stale: { tone: "warn", word: "Stale" },
  unreachable: { tone: "bad", word: "Unreachable" },
};

export const CHECK_STATES: Record<"pass" | "warn" | "fail", State> = {
  pass: { tone: "ok", word: "Passed" },
  warn: { tone: "warn", word: "Warning" },
  fail: { tone: "bad", word: "Blocks" },
};

export const SERVICE_STATES: Record<"ok" | "unavailable", State> = {
  ok: { tone: "ok", word: "Available" },
  unavailable: { tone: "bad", word: "Unavailable" },
};

const GOOD = new Set(["active", "available", "in-use", "up"]);
const OFF = new Set([
  "shutoff",
  "down",
  "deactivated",
  "suspended",
  "paused",
  "shelved",
  "shelved_offloaded",
]);
const OFF_BUT_WANTED = new Set(["suspended", "paused"]);

/** A resource's state in OpenStack's own word; what it does right now, if anything, comes after it. */
export function resourceState(status: string | null, taskState?: string | null): State {
  const known = (status ?? "unknown").toLowerCase();
  const word = sentence(known);
  if (taskState) return { tone: "busy", word: `${word}, ${taskState.replaceAll("_", " ")}`, moves: true };
  if (known.includes("error")) return { tone: "bad", word };
  if (GOOD.has(known)) return { tone: "ok", word };
  if (OFF_BUT_WANTED.has(known)) return { tone: "warn", word };
  if (OFF.has(known) || known === "unknown") return { tone: "off", word };
  const moves = known === "build" || known === "reboot" || known === "queued" || known.endsWith("ing");
  return { tone: moves ? "busy" : "off", word, moves };
}

function sentence(status: string): string {
  const words = status.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
