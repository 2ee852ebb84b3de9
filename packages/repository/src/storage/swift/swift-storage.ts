import { setTimeout as sleep } from "node:timers/promises";
import { objectPrefix } from "../object-prefix.ts";
import { receiveBody, wholeLength } from "../receive-body.ts";
import { ObjectMissing, type Storage, tooShort } from "../storage.ts";
import { StorageUnavailable } from "../storage-unavailable.ts";
import { Container } from "./container.ts";
import type { SwiftSignIn } from "./swift-access.ts";
import { headerOf } from "./swift-answer.ts";
import { SwiftSession } from "./swift-session.ts";

export interface SwiftPlace {
  readonly sign_in: SwiftSignIn;
  readonly container: string;
  /** Folder in the container. */
  readonly prefix?: string;
  readonly ca?: string;
  /** How long the copies of a container's listing may differ; 0 for a Swift with one copy. */
  readonly settle_ms?: number;
}

/** Container updates reach all copies of a listing within moments, where all of its servers are up. */
const SETTLE_MS = 10_000;
/** How long a listing may take to show a change that Swift confirmed. */
const LISTING_PATIENCE_MS = 60_000;
const FIRST_LOOK_MS = 20;
const LAST_LOOK_MS = 2_000;

/**
 * A container, or a folder of one. Swift lists late: an object server that does not reach the listing's server in time
 * confirms nevertheless, and the change is listed minutes later. So a change counts as done only when a listing shows it;
 * what is left to `settle` are the other copies of the listing.
 */
export function swiftStorage(place: SwiftPlace): Storage {
  const { sign_in, container: container_name, prefix = "", ca, settle_ms = SETTLE_MS } = place;
  const container = new Container(new SwiftSession(sign_in, ca), container_name);
  const names = objectPrefix(prefix);
  return {
    async put(name, bytes) {
      const key = names.keyOf(name);
      await awaitListed(container, key, await container.put(`put ${name}`, key, bytes));
    },
    async get(name, range, into?: Uint8Array) {
      const what = `get ${name}`;
      const key = names.keyOf(name);
      if (range?.length === 0) {
        // HTTP has no empty range: whether it lies in the object is all there is to find out
        const head = await container.head(what, key);
        if (!head) throw new ObjectMissing(name);
        if (range.offset > head.bytes) throw tooShort(name, range, head.bytes);
        return Buffer.alloc(0);
      }
      const header = range && `bytes=${range.offset}-${range.offset + range.length - 1}`;
      const answer = await container.get(what, key, header);
      if (!answer) throw new ObjectMissing(name);
      const length = Number(headerOf(answer, "content-length"));
      if (range && (answer.statusCode !== 206 || length !== range.length)) {
        await answer.body.dump();
        if (answer.statusCode === 200) throw new Error(`${what} failed: the server does not know ranges`);
        throw tooShort(name, range, wholeLength(headerOf(answer, "content-range")) ?? range.offset + length);
      }
      return receiveBody(name, answer.body, length, into);
    },
    async *list(rest) {
      for (let marker = ""; ; ) {
        const page = await container.page(`list ${rest || "everything"}`, {
          prefix: names.keyPrefixOf(rest),
          marker,
        });
        for (const { name, bytes } of page) yield { name: names.nameOf(name), size_bytes: bytes };
        const last = page.at(-1);
        if (!last) return;
        marker = last.name;
      }
    },
    async delete(name) {
      const key = names.keyOf(name);
      await container.delete(`delete ${name}`, key);
      await awaitListed(container, key, undefined);
    },
    async settle() {
      if (settle_ms > 0) await sleep(settle_ms);
    },
  };
}

/** Resolves when the listing shows an object with this MD5, or none; or when it shows what somebody else made of it since. */
async function awaitListed(container: Container, key: string, hash: string | undefined): Promise<void> {
  const what = `list ${key}`;
  const give_up_at = performance.now() + LISTING_PATIENCE_MS;
  for (let pause_ms = FIRST_LOOK_MS; ; pause_ms = Math.min(2 * pause_ms, LAST_LOOK_MS)) {
    const [first] = await container.page(what, { prefix: key, limit: 1 });
    const listed = first?.name === key ? first.hash : undefined;
    if (listed === hash || listed === (await container.head(what, key))?.hash) return;
    if (performance.now() > give_up_at)
      throw new StorageUnavailable(
        `container ${container.name} does not list a change of ${key} after ${LISTING_PATIENCE_MS / 1000} s: its container servers or updaters lag behind, ask the operator of this Swift`,
      );
    await sleep(pause_ms);
  }
}
