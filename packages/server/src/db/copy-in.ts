import type pg from "pg";

/** What `pg` calls on a query that it runs, and has; see its own `Query` and `Connection`. */
interface CopyConnection {
  readonly stream: {
    write(bytes: Uint8Array, whenSent?: () => void): boolean;
    cork(): void;
    uncork(): void;
  };
  query(text: string): void;
}

const COPY_DATA = 0x64; // "d"
/** "c", and nothing in it. */
const COPY_DONE = Buffer.from("6300000004", "hex");
const SIZE_BYTES = 4;
/** PostgreSQL makes room for a whole message before it looks at it. */
const MESSAGE_BYTES = 131_072;

/**
 * Runs statements of which some are `copy … from stdin (format binary)`: see `copy-rows.ts` for what each of them takes.
 * Several are one transaction. Statements and copies go off in one go: PostgreSQL takes each copy from what it has been
 * sent by then, and skips those of statements that it does not come to. Nothing is copied on the way to the socket, so
 * the bytes must stay as they are until this resolves, or rejects.
 *
 * @throws pg.DatabaseError as a query would, and nothing is stored
 */
export function copyIn(client: pg.ClientBase, statements: string, ...copies: Uint8Array[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let failure: Error | undefined;
  let sent: Promise<unknown> | undefined;
  const submittable = {
    submit(connection: CopyConnection) {
      connection.stream.cork();
      connection.query(statements);
      sent = Promise.all(copies.map((rows) => send(connection, rows)));
      connection.stream.uncork();
    },
    handleCopyInResponse() {},
    handleCommandComplete() {},
    handleRowDescription() {},
    handleDataRow() {},
    handleEmptyQuery() {},
    handlePortalSuspended() {},
    /**
     * After a server's error `ReadyForQuery` still comes; after a broken connection nothing does. A server refuses a row
     * long before it has read those that follow it.
     */
    async handleError(error: Error) {
      failure = error;
      await sent;
      reject(error);
    },
    handleReadyForQuery() {
      if (!failure) resolve();
    },
  };
  client.query(submittable as unknown as pg.Submittable);
  return promise;
}

/** Resolves when the socket has taken all of it, or has broken. */
function send({ stream }: CopyConnection, rows: Uint8Array): Promise<void> {
  for (let at = 0; at < rows.length; at += MESSAGE_BYTES) {
    const part = rows.subarray(at, at + MESSAGE_BYTES);
    const head = Buffer.allocUnsafe(1 + SIZE_BYTES);
    head.writeUInt32BE(SIZE_BYTES + part.length, head.writeUInt8(COPY_DATA));
    stream.write(head);
    stream.write(part);
  }
  return new Promise((resolve) => stream.write(COPY_DONE, () => resolve()));
}
