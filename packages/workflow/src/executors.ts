import type pg from "pg";

/** An executor that was not heard of for so long is taken for dead; long enough for a stalled machine, short for a person. */
export const DEAD_AFTER_MS = 30_000;

/** Beats per that time, so that a lost one kills nobody. */
export const BEATS = 6;

export type Executors = ReturnType<typeof createExecutors>;

/**
 * Who is alive, by the clock of the database. The jobs of a dead executor go to whoever asks first; should it only
 * have slept, its own records are refused by DBOS, and it finds its jobs to be another's.
 */
export function createExecutors(pool: pg.Pool, self: string, dead_after_ms: number) {
  const dead = `not exists (select from job_executors as one where one.id = jobs.executor
    and one.seen_at > now() - make_interval(secs => $2))`;
  return {
    async beat(): Promise<void> {
      await pool.query(
        "insert into job_executors (id) values ($1) on conflict (id) do update set seen_at = now()",
        [self],
      );
      await pool.query("delete from job_executors where seen_at < now() - interval '1 day'");
    },

    /** @returns the jobs that are now this executor's */
    async claimFromDead(): Promise<string[]> {
      const { rows } = await pool.query<{ id: string }>(
        `update jobs set executor = $1 where id in (
           select id from jobs where status in ('queued', 'running', 'waiting', 'undoing', 'stuck')
             and executor is distinct from $1 and ${dead} for update skip locked)
         returning id`,
        [self, dead_after_ms / 1_000],
      );
      return rows.map((row) => row.id);
    },

    /** Says goodbye, so that the others need not wait for the time to pass. */
    async leave(): Promise<void> {
      await pool.query("delete from job_executors where id = $1", [self]);
    },
  };
}
