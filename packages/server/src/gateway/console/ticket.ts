import type { Sealer } from "../../secrets/sealer.ts";

/** As long as Nova's own console tokens live by default. */
const LIFETIME_MS = 10 * 60_000;
const LABEL = "gateway console ticket";

/** Where the console of a server is; only what a site's own Nova told is ever sealed into one. */
export interface ConsoleTicket {
  readonly site_project_id: string;
  /** Scheme, host and port of the site's console proxy, always as http(s). */
  readonly origin: string;
}

export interface ConsoleTickets {
  /** Text that is safe in a path, and is worth nothing when it is changed or old. */
  issue(ticket: ConsoleTicket): string;
  read(text: string): ConsoleTicket | undefined;
}

export function createConsoleTickets(sealer: Sealer, now: () => number = Date.now): ConsoleTickets {
  return {
    issue: (ticket) =>
      sealer
        .seal(JSON.stringify({ ...ticket, ends_at_ms: now() + LIFETIME_MS }), LABEL)
        .toString("base64url"),
    read(text) {
      try {
        const read = JSON.parse(sealer.open(Buffer.from(text, "base64url"), LABEL)) as ConsoleTicket & {
          ends_at_ms: number;
        };
        return now() < read.ends_at_ms ? read : undefined;
      } catch {
        return undefined; // not one of ours
      }
    },
  };
}
