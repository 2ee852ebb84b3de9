import { parentPort } from "node:worker_threads";
import type { PageAnswer, PageOrder } from "./page-thread.ts";
import { readChangesHere } from "./read-changes.ts";
import { type ReadPage, readPageHere } from "./read-page.ts";

/** The far end of a {@link startPageThread}: holds pages until the near end lets go of them. */
const pages = new Map<number, ReadPage>();

parentPort?.on("message", async (order: PageOrder) => {
  if (order.does === "let go") {
    pages.get(order.page)?.letGo();
    pages.delete(order.page);
    return;
  }
  let answer: PageAnswer;
  try {
    answer = { page: order.page, value: await carryOut(order) };
  } catch (error) {
    answer = { page: order.page, error: error instanceof Error ? error : new Error(String(error)) };
  }
  parentPort?.postMessage(answer, memoryOf(answer));
});

async function carryOut(order: Exclude<PageOrder, { does: "let go" }>): Promise<PageAnswer["value"]> {
  if (order.does === "read") {
    const read = readPageHere(order.sent);
    pages.set(order.page, read);
    return { digest: read.digest, all_new: read.all_new };
  }
  if (order.does === "read changes") return readChangesHere(order.sent);
  const page = pages.get(order.page);
  if (!page) throw new Error(`The thread holds no page ${order.page}.`);
  if (order.does === "draft") return page.draft(order.shelf, order.places, order.seen_at);
  if (order.does === "changes") return page.changes(order.places);
  return page.facts(order.places);
}

/** What moves to the other thread instead of being copied. */
function memoryOf({ value }: PageAnswer): ArrayBuffer[] {
  return memoriesOf(value)
    .map(({ buffer }) => buffer)
    .filter((one) => one instanceof ArrayBuffer);
}

function memoriesOf(value: PageAnswer["value"]): readonly Uint8Array[] {
  if (value === undefined || "length" in value) return [];
  if ("bytes" in value) return [value.bytes];
  if ("draft" in value) return value.draft ? [value.draft.bytes] : [];
  const draft = "digest" in value ? value.all_new : value;
  return draft ? [draft.blocks, draft.rows] : [];
}
