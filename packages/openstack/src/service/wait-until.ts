import { setTimeout as delay } from "node:timers/promises";
import { unlessMissing } from "../errors/openstack-error.ts";
import { ResourceFailed } from "../errors/resource-failed.ts";

const DEFAULT_TIMEOUT_MS = 10 * 60_000;
const FIRST_INTERVAL_MS = 250;
const LONGEST_INTERVAL_MS = 5_000;
const INTERVAL_GROWTH = 1.5;
const DELETING = /^(soft_)?delet/i;

export interface WaitOptions<T> {
  timeout_ms?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Told of each reading: for progress. */
  on_reading?: ((resource: T) => void) | undefined;
}

interface Waited<T> {
  /** `server`, `volume`… for the error's sentence. */
  resource: string;
  id: string;
  read: () => Promise<T>;
  status: (reading: T) => string;
  done: (reading: T) => boolean;
  /** The reason why it will never be done, or undefined while it still may. */
  failed: (reading: T) => string | undefined;
}

/**
 * Reads again, at growing intervals, until done. Errors of the reading itself are thrown as they are: whether to go
 * on after a lost connection is the caller's decision, and waiting again from the start costs nothing.
 *
 * @throws ResourceFailed it failed at the site, went away or took longer than `timeout_ms`
 */
export async function waitUntil<T>(what: Waited<T>, options: WaitOptions<T> = {}): Promise<T> {
  const { resource, id } = what;
  const timeout_ms = options.timeout_ms ?? DEFAULT_TIMEOUT_MS;
  const deadline = performance.now() + timeout_ms;
  let interval_ms = FIRST_INTERVAL_MS;
  for (;;) {
    const reading = await unlessMissing(what.read());
    if (reading === undefined) {
      throw new ResourceFailed(
        "gone",
        resource,
        id,
        undefined,
        `The ${resource} ${id} went away while it was waited for.`,
      );
    }
    options.on_reading?.(reading);
    if (what.done(reading)) return reading;
    const status = what.status(reading);
    const reason = what.failed(reading);
    if (reason !== undefined) {
      throw new ResourceFailed(
        "failed",
        resource,
        id,
        status,
        `The ${resource} ${id} is ${status}: ${reason}`,
      );
    }
    if (performance.now() > deadline) {
      const took = `is still ${status} after ${Math.round(timeout_ms / 1000)} s`;
      throw new ResourceFailed("timeout", resource, id, status, `The ${resource} ${id} ${took}.`);
    }
    await delay(interval_ms, undefined, { signal: options.signal });
    interval_ms = Math.min(interval_ms * INTERVAL_GROWTH, LONGEST_INTERVAL_MS);
  }
}

/**
 * Waits until the site says 404. `failed` names statuses in which a deletion has stopped for good. One that was
 * `deleting` and is not any more was given up by the site (Cinder does that silently when its backend says busy):
 * a `ResourceFailed` that is retryable, by deleting again.
 */
export async function waitUntilGone<T>(
  what: Omit<Waited<T>, "done">,
  options: WaitOptions<T> = {},
): Promise<void> {
  const { resource, id } = what;
  let seen_deleting = false;
  const done = (reading: T) => {
    const status = what.status(reading);
    if (seen_deleting && !DELETING.test(status) && what.failed(reading) === undefined) {
      const message = `The site gave up deleting the ${resource} ${id}, which is ${status} again: its storage is busy with it.`;
      throw new ResourceFailed("failed", resource, id, status, message, true);
    }
    seen_deleting ||= DELETING.test(status);
    return false;
  };
  try {
    await waitUntil({ ...what, done }, options);
  } catch (error) {
    if (error instanceof ResourceFailed && error.kind === "gone") return;
    throw error;
  }
}
