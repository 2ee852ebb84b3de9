import { setTimeout as sleep } from "node:timers/promises";

const LOOK_EVERY_MS = 1_000;

/** Looks again until there is something to see. A look that fails is one that sees nothing yet. */
export async function until<T>(
  what: string,
  within_ms: number,
  look: () => Promise<T | undefined>,
  every_ms = LOOK_EVERY_MS,
): Promise<T> {
  const deadline = performance.now() + within_ms;
  let last: unknown = "nothing seen";
  while (performance.now() < deadline) {
    try {
      const seen = await look();
      if (seen !== undefined) return seen;
    } catch (error) {
      last = error;
    }
    await sleep(every_ms);
  }
  throw new Error(
    `${what}: not within ${within_ms / 1000} s (${last instanceof Error ? last.message : last})`,
  );
}
