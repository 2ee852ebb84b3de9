export interface PageGate {
  /**
   * Fetches a page of a site and works on it, when there is room for both.
   *
   * @param urgent goes before those that are not, as long as these do not wait for long
   */
  pass<Page, Result>(
    site: string,
    fetch: () => Promise<Page>,
    work: (page: Page) => Promise<Result>,
    urgent?: boolean,
  ): Promise<Result>;
}

/**
 * Pages under way at once, over all sites: a page of 500 servers is 1.2 MB. Most pages are small, and what they take is
 * the time that their sites take to answer; of large ones few are worked on at once, see `page/page-reader.ts`.
 */
const PAGES_IN_FLIGHT = 10;
/** Of one site. */
const PAGES_OF_A_SITE = 2;
/** A site that takes longer to answer gives its place away, so that slow sites never hold all of them. */
const PLACE_FOR_MS = 2_000;
/** Who has waited for so long is as urgent as anybody. */
const PATIENCE_MS = 10_000;

interface Waiting {
  readonly site: string;
  /** Who comes first, in milliseconds of the process. */
  readonly turn_ms: number;
  readonly enter: () => void;
}

/**
 * Bounds how many pages are under way, without letting a site that hangs delay others: it waits in a few of the
 * places only, and not for long. Who gave its place away and has a page at last queues again before working on it.
 */
export function createPageGate(
  places: number = PAGES_IN_FLIGHT,
  places_of_a_site: number = PAGES_OF_A_SITE,
  place_for_ms: number = PLACE_FOR_MS,
  patience_ms: number = PATIENCE_MS,
): PageGate {
  let free = places;
  const held = new Map<string, number>();
  /** In the order of their turns. */
  const waiting: Waiting[] = [];

  const hasRoom = (site: string) => free > 0 && (held.get(site) ?? 0) < places_of_a_site;
  const take = (site: string) => {
    free -= 1;
    held.set(site, (held.get(site) ?? 0) + 1);
  };
  const enter = async (site: string, urgent: boolean) => {
    if (hasRoom(site)) return take(site);
    const turn_ms = performance.now() + (urgent ? 0 : patience_ms);
    await new Promise<void>((enter) => {
      const behind = waiting.findLastIndex((one) => one.turn_ms <= turn_ms);
      waiting.splice(behind + 1, 0, { site, turn_ms, enter });
    });
  };
  const leave = (site: string) => {
    free += 1;
    const left = (held.get(site) ?? 1) - 1;
    if (left > 0) held.set(site, left);
    else held.delete(site);
    const next = waiting.findIndex((one) => hasRoom(one.site));
    const [first] = next === -1 ? [] : waiting.splice(next, 1);
    if (!first) return;
    take(first.site);
    first.enter();
  };

  return {
    async pass(site, fetch, work, urgent = false) {
      await enter(site, urgent);
      let holds = true;
      const giveAway = () => {
        if (holds) leave(site);
        holds = false;
      };
      const late = setTimeout(giveAway, place_for_ms).unref();
      try {
        const page = await fetch();
        clearTimeout(late);
        if (!holds) await enter(site, urgent);
        holds = true;
        return await work(page);
      } finally {
        clearTimeout(late);
        giveAway();
      }
    },
  };
}
