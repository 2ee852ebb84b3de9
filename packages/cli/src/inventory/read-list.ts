import { type Client, MAX_PAGE } from "@uniview/api";
import type { Kind, Page, Row } from "./resource-kinds.ts";

export interface ListRequest {
  readonly q: string;
  readonly sort?: string;
  /** Most rows to read; absent = every one. */
  readonly limit?: number;
  readonly signal: AbortSignal;
}

/** Reads pages until there are enough rows. The sites' freshness is the last page's: the newest that is known. */
export async function readList<R extends Row>(
  client: Client,
  kind: Kind<R>,
  { q, sort, limit = Number.POSITIVE_INFINITY, signal }: ListRequest,
): Promise<Page<R>> {
  const items: R[] = [];
  let cursor: string | undefined;
  for (;;) {
    const query = {
      q,
      limit: Math.min(MAX_PAGE, limit - items.length),
      ...(sort === undefined ? {} : { sort }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const page = await kind.readPage(client, { query, signal });
    items.push(...page.items);
    if (page.next_cursor === undefined || items.length >= limit) return { ...page, items };
    cursor = page.next_cursor;
  }
}
