import { startChild } from "./child.ts";
import { type Cost, cpuOfTree } from "./measure.ts";
import { type PeerCost, runPeer } from "./peer.ts";
import type { ProductAnswer, ProductOrder } from "./product-main.ts";
import type { SearchRace } from "./search-race.ts";
import type { StubOrder } from "./stub-main.ts";

export interface Shape {
  readonly sites: number;
  readonly servers_a_site: number;
  /** Sites that the peer reads; what it takes is scaled up to all. */
  readonly peer_sites: number;
  /** Readings without and with a dead site, in alternation. */
  readonly pairs: number;
  /** Of each search. */
  readonly times: number;
}

/** One in a hundred changes between the first reading and the refresh. */
const CHANGED_PART = 100;

/** A reading, with what the database spent on it. */
export interface Reading extends Cost {
  readonly database_cpu_s: number;
}

export interface Round {
  /** undefined: there is none. */
  readonly peer: PeerCost | undefined;
  readonly first: Reading;
  /** What has no servers to wait for: read after them. */
  readonly rest: Reading;
  readonly refresh: Reading;
  /** Everything again, nothing changed. */
  readonly full: Reading;
  /** Wall seconds of the other sites' readings. */
  readonly dead_site: readonly { readonly absent_s: number; readonly dead_s: number }[];
  readonly searches: readonly SearchRace[];
}

export interface RoundOptions {
  readonly shape: Shape;
  /** Empty, and only for this round. */
  readonly database_url: string;
  /** undefined: its CPU cannot be told. */
  readonly database_pid: number | undefined;
  readonly with_peer: boolean;
  /** Told what is being done. */
  readonly on_step: (step: string) => void;
}

/** Everything once, the peer first, each in a process of its own. */
export async function runRound(options: RoundOptions): Promise<Round> {
  const { shape, database_url, database_pid, on_step } = options;
  const { sites, servers_a_site } = shape;
  const all = Array.from({ length: sites }, (_, site) => site);
  const others = all.slice(0, -1);
  const last = sites - 1;

  const stub = startChild<StubOrder, string[]>("stub-main.ts");
  const product = startChild<ProductOrder, ProductAnswer>("product-main.ts");
  const reading = async (order: ProductOrder): Promise<Reading> => {
    const before = database_pid === undefined ? 0 : cpuOfTree(database_pid);
    const { cost } = await product.tell(order);
    if (!cost) throw new Error(`'${order.does}' was answered without a cost.`);
    const after = database_pid === undefined ? 0 : cpuOfTree(database_pid);
    return { ...cost, database_cpu_s: after - before };
  };

  try {
    on_step("stubs");
    const auth_urls = await stub.tell({ does: "start", sites, servers: servers_a_site });
    on_step("openstacksdk");
    const peer = options.with_peer ? await runPeer(auth_urls.slice(0, shape.peer_sites)) : undefined;
    await product.tell({ does: "open", database_url, auth_urls });
    on_step("first reading");
    const first = await reading({ does: "read first" });
    on_step("everything else");
    const rest = await reading({ does: "read the rest" });
    on_step("refresh");
    await stub.tell({ does: "change", count: Math.ceil(servers_a_site / CHANGED_PART) });
    const refresh = await reading({ does: "refresh", sites: all, beside: [] });
    on_step("full readings");
    const full = await reading({ does: "read all", sites: all, beside: [] });
    const dead_site: { absent_s: number; dead_s: number }[] = [];
    const withoutDead = async () => (await reading({ does: "read all", sites: others, beside: [] })).wall_s;
    const withDead = async () => {
      await stub.tell({ does: "sleep", site: last });
      const { wall_s } = await reading({ does: "read all", sites: others, beside: [last] });
      await stub.tell({ does: "wake", site: last });
      await product.tell({ does: "wait for those beside" });
      return wall_s;
    };
    for (let pair = 0; pair < shape.pairs; pair += 1) {
      // each comes first as often as the other: a machine that gets slower must not tell for one of them
      const dead_first = pair % 2 === 1 ? await withDead() : undefined;
      const absent_s = await withoutDead();
      dead_site.push({ absent_s, dead_s: dead_first ?? (await withDead()) });
    }
    on_step("searches");
    const { searches = [] } = await product.tell({
      does: "search",
      sites,
      servers: servers_a_site,
      times: shape.times,
    });
    await product.tell({ does: "close" });
    return { peer, first, rest, refresh, full, dead_site, searches };
  } finally {
    await Promise.all([stub.end(), product.end()]);
  }
}
