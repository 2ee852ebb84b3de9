import type pg from "pg";

/** A transaction that waits for no disk: for what a crash may take away, because it is read again. */
export async function inUnsyncedTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin; set local synchronous_commit to off");
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    const ended = await client.query("rollback").catch((failure: Error) => failure);
    client.release(ended instanceof Error ? ended : undefined);
    throw error;
  }
}
