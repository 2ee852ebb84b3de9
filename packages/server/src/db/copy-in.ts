import type pg from "pg";

/** What `pg` calls on a query that it runs; see its own `Query`. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/**
 * Runs `copy … from stdin`: rows in PostgreSQL's text format, which costs it a third of what the same rows cost as
 * parameters of an `insert`.
 *
 * @throws pg.DatabaseError as a query would, and nothing is stored
 */
export function copyIn(client: pg.ClientBase, statement: string, chunks: Iterable<Buffer>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let failure: Error | undefined;
  const submittable = {
    submit: (connection: CopyConnection) => connection.query(statement),
    handleCopyInResponse(connection: CopyConnection) {
      for (const chunk of chunks) connection.sendCopyFromChunk(chunk);
      connection.endCopyFrom();
    },
    handleCommandComplete() {},
    handleRowDescription() {},
    handleDataRow() {},
    handleEmptyQuery() {},
    handlePortalSuspended() {},
    /** After a server's error `ReadyForQuery` still comes; after a broken connection nothing does. */
    handleError(error: Error) {
      failure = error;
      reject(error);
    },
    handleReadyForQuery() {
      if (!failure) resolve();
    },
  };
  client.query(submittable as unknown as pg.Submittable);
  return promise;
}

/** A value in the text format of `copy`. */
export function copyText(value: string | number | null): string {
  if (value === null) return "\\N";
  return typeof value === "string" && SPECIAL.test(value)
    ? value.replace(EACH_SPECIAL, escapeSpecial)
    : String(value);
}

const SPECIAL = /[\\\n\t\r]/;
const EACH_SPECIAL = /[\\\n\t\r]/g;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r" };

function escapeSpecial(sign: string): string {
  return ESCAPES[sign] ?? sign;
}
