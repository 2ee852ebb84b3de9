import type { Migration } from "kysely/migration";

/**
 * Every migration by name, run in the order of the names. Features add theirs as `NNNN-<what>.ts` beside this
 * file. One that was released is never edited: the next one corrects it.
 */
export const migrations: Record<string, Migration> = {};
