import type { MappingRow } from "@uniview/api";
import type { Network } from "@uniview/openstack/network/networks";
import type { Subnet } from "@uniview/openstack/network/subnets";
import type { SourceFacts } from "../source-facts.ts";
import type { TargetFacts } from "../target-facts.ts";
import { chosenByUser } from "./choose.ts";

export interface NetworkMapping {
  readonly source: Network;
  readonly target: Network | null;
  readonly row: MappingRow;
}

/**
 * One row per network that the server is on. Suggested: the network of the same name and address range, then of the
 * same range, then of the same name. Nothing is guessed beyond that: a wrong network is worse than a question.
 */
export function mapNetworks(
  source: SourceFacts,
  target: TargetFacts,
  mapping: Readonly<Record<string, string>>,
): NetworkMapping[] {
  const used = new Set(source.ports.map(({ network_id }) => network_id));
  return source.networks
    .filter(({ id }) => used.has(id))
    .map((network) => {
      const ranges = rangesOf(network, source.subnets);
      const rated = target.networks.map((candidate) => ({
        candidate,
        ...likeness(network, ranges, candidate, target),
      }));
      const best = rated.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score)[0];
      const chosen = chosenByUser("network", mapping, network, target.networks, target.site);
      const found = chosen ?? best?.candidate ?? null;
      const why = chosen ? "chosen" : (best?.why ?? "No network there has its name or its address range.");
      return {
        source: network,
        target: found,
        row: {
          kind: "network",
          source: { id: network.id, name: network.name, detail: ranges.join(", ") },
          target: found && { id: found.id, name: found.name },
          creates: false,
          why,
          choices: rated.map(({ candidate, why, score }) => ({
            id: candidate.id,
            name: candidate.name,
            why,
            fits: score > 0,
          })),
        },
      };
    });
}

function likeness(network: Network, ranges: readonly string[], candidate: Network, target: TargetFacts) {
  const theirs = rangesOf(candidate, target.subnets);
  const same_name = candidate.name === network.name;
  const same_range = ranges.some((range) => theirs.includes(range));
  const score = (same_range ? 2 : 0) + (same_name ? 1 : 0);
  const what = [same_name ? "same name" : "", same_range ? "same address range" : theirs.join(", ")]
    .filter(Boolean)
    .join(", ");
  return { score, why: what || "no subnets" };
}

function rangesOf({ id }: Network, subnets: readonly Subnet[]): string[] {
  return subnets.filter(({ network_id }) => network_id === id).map(({ cidr }) => cidr);
}
