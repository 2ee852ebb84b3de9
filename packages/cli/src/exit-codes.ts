import type { JobStatus } from "@uniview/api";

export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  undone: 3,
  needs_a_person: 4,
  sites_missing: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODE_TABLE = `Exit codes:
  0    done
  1    failed: nothing was changed, or the message says what was
  2    the command line is not right
  3    a waited job failed or was cancelled, and was undone: everything is as before
  4    a person has to look: a waited job is stuck, for an undo failed; a repository is damaged; something is left at a site
  5    the list was printed, but at least one site did not answer when it was last read
  130  interrupted (Ctrl-C); a job that was waited for goes on`;

/** The exit code of a command that waited for a job; a job that has not ended is no failure. */
export function exitCodeOf(status: JobStatus): ExitCode {
  if (status === "undone" || status === "cancelled") return EXIT.undone;
  return status === "stuck" ? EXIT.needs_a_person : EXIT.ok;
}
