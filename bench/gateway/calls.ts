import { Agent } from "undici";
import type { Way, World } from "./world.ts";

/** A small answer of Nova, as clients ask for all day. */
const SMALL = "/flavors";
const WARM_UP = 300;

/** Median of what the gateway adds to one call after the other, the same calls going directly in between. */
export async function addedLatency(
  world: World,
  pairs: number,
): Promise<{ p50_ms: number; direct_ms: number }> {
  await using agents = agentPair();
  const once = async (way: Way, agent: Agent) => {
    const started = performance.now();
    await ask(way, agent);
    return performance.now() - started;
  };
  const direct: number[] = [];
  const through: number[] = [];
  for (let n = 0; n < pairs + WARM_UP; n += 1) {
    const [one, other] = [await once(world.direct, agents.direct), await once(world.gateway, agents.gateway)];
    if (n < WARM_UP) continue;
    direct.push(one);
    through.push(other);
  }
  return { p50_ms: median(through) - median(direct), direct_ms: median(direct) };
}

/** Calls that the server answers in a second of its processor time, many clients asking at once. */
export async function callsPerCore(world: World, seconds: number, at_once: number): Promise<number> {
  await using agents = agentPair();
  const until = async (ends_at: number) => {
    let count = 0;
    const loop = async () => {
      while (performance.now() < ends_at) {
        await ask(world.gateway, agents.gateway);
        count += 1;
      }
    };
    await Promise.all(Array.from({ length: at_once }, loop));
    return count;
  };
  await until(performance.now() + 2_000);
  const before = await world.server_cpu_s();
  const count = await until(performance.now() + seconds * 1000);
  return count / ((await world.server_cpu_s()) - before);
}

/** Calls to the second site that nobody waits for, while something else is measured. */
export function keepAsking(way: Way, at_once: number): () => Promise<void> {
  const agent = new Agent();
  const gone = new AbortController();
  const loop = async () => {
    while (!gone.signal.aborted) {
      await ask(way, agent, gone.signal).catch(() => {}); // its refusals are the point
    }
  };
  const all = Promise.all(Array.from({ length: at_once }, loop));
  return async () => {
    gone.abort();
    await agent.destroy();
    await all;
  };
}

async function ask({ compute, token }: Way, agent: Agent, signal?: AbortSignal): Promise<void> {
  const url = new URL(compute + SMALL);
  const { statusCode, body } = await agent.request({
    origin: url.origin,
    path: url.pathname,
    method: "GET",
    headers: { "x-auth-token": token },
    signal: signal ?? null,
  });
  await body.dump();
  if (statusCode === 503) await new Promise((resolve) => setTimeout(resolve, 20));
  else if (statusCode !== 200) throw new Error(`${url.href} answered ${statusCode}`);
}

function agentPair() {
  const direct = new Agent();
  const gateway = new Agent();
  return {
    direct,
    gateway,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([direct.destroy(), gateway.destroy()]);
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
