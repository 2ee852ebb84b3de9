import type pg from "pg";
import { copyIn } from "../db/copy-in.ts";
import { BLOCK_COLUMNS, ROW_COLUMNS, type RowsDraft } from "./draft-rows.ts";

const COPY_BLOCKS = `copy search_blocks (${BLOCK_COLUMNS.join(", ")}) from stdin (format binary)`;
const COPY_ROWS = `copy resources (${ROW_COLUMNS.join(", ")}) from stdin (format binary)`;

/** As of `inUnsyncedTransaction`, and as one message: PostgreSQL answers once instead of four times. */
const ADD_APART = `set local synchronous_commit to off; ${COPY_BLOCKS}; ${COPY_ROWS}`;

/**
 * Writes rows that are not there yet, in a transaction of its own.
 *
 * @param note a statement that goes with it
 */
export async function addRowsApart(pool: pg.Pool, { blocks, rows }: RowsDraft, note?: string): Promise<void> {
  const client = await pool.connect();
  try {
    await copyIn(client, note === undefined ? ADD_APART : `${ADD_APART}; ${note}`, blocks, rows);
  } finally {
    client.release();
  }
}

/**
 * Writes rows that are not there yet, after their blocks: these hold on to the project until the transaction ends,
 * for the rows themselves have no foreign key.
 */
export async function addRows(client: pg.ClientBase, { blocks, rows }: RowsDraft): Promise<void> {
  await addBlocks(client, blocks);
  await copyIn(client, COPY_ROWS, rows);
}

/** @param draft of `draftBlocks` */
export function addBlocks(client: pg.ClientBase, draft: Buffer): Promise<void> {
  return copyIn(client, COPY_BLOCKS, draft);
}
