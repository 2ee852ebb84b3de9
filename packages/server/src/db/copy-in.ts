import type pg from "pg";

/** What `pg` calls on a query that it runs, and has; see its own `Query` and `Connection`. */
interface CopyConnection {
  readonly stream: { write(bytes: Uint8Array): boolean; cork(): void; uncork(): void };
  query(text: string): void;
  endCopyFrom(): void;
}

const COPY_DATA = 0x64; // "d"
const SIZE_BYTES = 4;
/** PostgreSQL makes room for a whole message before it looks at it. */
const MESSAGE_BYTES = 131_072;
const NOTHING = new Uint8Array();

/**
 * Runs statements of which some are `copy … from stdin (format binary)`: see `copy-rows.ts` for what each of them takes.
 * Several are one transaction and one message. Nothing is copied on the way to the socket, so the bytes must stay as
 * they are until this resolves.
 *
 * @throws pg.DatabaseError as a query would, and nothing is stored
 */
export function copyIn(client: pg.ClientBase, statements: string, ...copies: Uint8Array[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let failure: Error | undefined;
  let copied = 0;
  const submittable = {
    submit: (connection: CopyConnection) => connection.query(statements),
    handleCopyInResponse(connection: CopyConnection) {
      send(connection, copies[copied++] ?? NOTHING);
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

function send(connection: CopyConnection, rows: Uint8Array): void {
  connection.stream.cork();
  for (let at = 0; at < rows.length; at += MESSAGE_BYTES) {
    const part = rows.subarray(at, at + MESSAGE_BYTES);
    const head = Buffer.allocUnsafe(1 + SIZE_BYTES);
    head.writeUInt32BE(SIZE_BYTES + part.length, head.writeUInt8(COPY_DATA));
    connection.stream.write(head);
    connection.stream.write(part);
  }
  connection.endCopyFrom();
  connection.stream.uncork();
}
