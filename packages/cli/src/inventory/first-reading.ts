import { setTimeout as sleep } from "node:timers/promises";
import { type Client, endpoints } from "@uniview/api";

/** A site that takes longer than this for its first lists is read on without anybody waiting. */
const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 250;

/**
 * Waits until the servers and networks of a site that has just joined were read once, so that the next command has
 * something to show.
 * @returns how many servers it has, or undefined where the site took too long
 */
export async function waitForFirstReading(
  client: Client,
  site: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const enough = AbortSignal.timeout(PATIENCE_MS);
  const request = { query: { q: `site:${site}`, limit: 1 }, signal };
  for (;;) {
    const [servers, networks] = await Promise.all([
      client.call(endpoints.listServers, request),
      client.call(endpoints.listNetworks, request),
    ]);
    const read = [servers, networks].every(({ sites }) =>
      sites.some((row) => row.site === site && row.as_of !== null),
    );
    if (read) return servers.total.count;
    if (enough.aborted) return undefined;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
