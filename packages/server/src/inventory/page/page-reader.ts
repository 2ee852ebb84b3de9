import { Gate } from "@uniview/openstack";
import { type PageThread, startPageThread } from "./page-thread.ts";
import { type ReadChanges, readChangesHere } from "./read-changes.ts";
import { type ReadPage, readPageHere } from "./read-page.ts";
import type { SentPage } from "./read-rows.ts";

/** Reads pages of sites. */
export interface PageReader {
  /** Large pages will come: what reads them is made ready while their sites still think. */
  expectLarge(): void;
  /** @throws SyntaxError a row is no JSON */
  read(page: SentPage): Promise<ReadPage>;
  /** Nothing of the page stays. @throws SyntaxError a row is no JSON */
  readChanges(page: SentPage): Promise<ReadChanges>;
  close(): Promise<void>;
}

/** Up to fifty servers: two milliseconds, and a thread would take as long to be told of them. */
const READ_HERE_BYTES = 128 * 1024;
/** A thread that runs anyway knows the work by heart: from about four servers on it is cheaper there. */
const READ_THERE_BYTES = 8 * 1024;
/** Large pages that are worked on at once, until they are stored: each takes four times its own size meanwhile. */
const LARGE_AT_ONCE = 4;

/** Reads small pages at once, and others in a thread beside this one, which has requests to answer meanwhile. */
export function createPageReader(read_here_bytes: number = READ_HERE_BYTES): PageReader {
  const room = new Gate(LARGE_AT_ONCE);
  let thread: PageThread | undefined;

  /** It starts when the first site needs it; one that broke is replaced. */
  const running = (): PageThread => {
    if (!thread?.alive) thread = startPageThread();
    return thread;
  };

  const readThere = async (sent: SentPage): Promise<ReadPage> => {
    const leave = await room.enter();
    try {
      const page = await running().read(sent);
      const letGo = () => {
        page.letGo();
        leave();
      };
      return { ...page, letGo };
    } catch (error) {
      leave();
      throw error;
    }
  };

  const isSmall = ({ rows }: SentPage): boolean =>
    rows.bytes.length <= (thread?.alive ? Math.min(READ_THERE_BYTES, read_here_bytes) : read_here_bytes);

  return {
    expectLarge: () => void running(),
    read: async (sent) => (isSmall(sent) ? readPageHere(sent) : readThere(sent)),
    async readChanges(sent) {
      return !isSmall(sent) && thread?.alive ? thread.readChanges(sent) : readChangesHere(sent);
    },
    async close() {
      await thread?.close();
    },
  };
}
