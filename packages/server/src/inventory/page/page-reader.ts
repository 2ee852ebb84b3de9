import { type PageThread, startPageThread } from "./page-thread.ts";
import { type ReadPage, readPageHere } from "./read-page.ts";
import type { SentPage } from "./read-rows.ts";

/** Reads pages of sites. */
export interface PageReader {
  /** @throws SyntaxError a row is no JSON */
  read(page: SentPage): Promise<ReadPage>;
  close(): Promise<void>;
}

/** Up to fifty servers: two milliseconds, and a thread would take as long to be told of them. */
const READ_HERE_BYTES = 128 * 1024;

/** Reads small pages at once, and others in a thread beside this one, which has requests to answer meanwhile. */
export function createPageReader(read_here_bytes: number = READ_HERE_BYTES): PageReader {
  let thread: PageThread | undefined;
  return {
    async read(page) {
      if (page.rows.bytes.length <= read_here_bytes) return readPageHere(page);
      // it starts when the first site needs it; one that broke is replaced
      if (!thread?.alive) thread = startPageThread();
      return thread.read(page);
    },
    async close() {
      await thread?.close();
    },
  };
}
