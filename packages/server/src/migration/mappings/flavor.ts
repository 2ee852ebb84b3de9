import type { MappingRow } from "@uniview/api";
import type { Flavor } from "@uniview/openstack/compute/flavors";
import type { SourceFacts } from "../source-facts.ts";
import type { TargetFacts } from "../target-facts.ts";
import { chosenByUser } from "./choose.ts";

export interface FlavorMapping {
  readonly target: Flavor | null;
  readonly row: MappingRow;
}

/** Suggested: the flavor of the same name if it is no smaller, then the one of the same size, then the smallest that is no smaller. */
export function mapFlavor(
  source: SourceFacts,
  target: TargetFacts,
  mapping: Readonly<Record<string, string>>,
): FlavorMapping {
  const { id, name } = source.flavor;
  const usable = target.flavors.filter((flavor) => flavor["OS-FLV-DISABLED:disabled"] !== true);
  const fitting = usable.filter((flavor) => isNoSmaller(flavor, source)).toSorted(bySize);
  const named = fitting.find((flavor) => flavor.name === name);
  const chosen = chosenByUser("flavor", mapping, { id: id ?? name, name }, usable, target.site);
  const found = chosen ?? named ?? fitting[0] ?? null;
  return {
    target: found,
    row: {
      kind: "flavor",
      source: {
        id: id ?? name,
        name,
        detail: sizeOf({
          vcpus: source.flavor.vcpus,
          ram: source.flavor.ram_mb,
          disk: source.flavor.disk_gb,
        }),
      },
      target: found && { id: found.id, name: found.name },
      creates: false,
      why: chosen
        ? "chosen"
        : found === null
          ? "No flavor there is as large."
          : found === named
            ? `same name, ${sizeOf(found)}`
            : `the smallest that fits: ${sizeOf(found)}`,
      choices: usable.toSorted(bySize).map((flavor) => ({
        id: flavor.id,
        name: flavor.name,
        why: sizeOf(flavor),
        fits: fitting.includes(flavor),
      })),
    },
  };
}

/** A root disk on a volume does not need the flavor's disk; a disk of 0 GiB takes what the image needs. */
export function isNoSmaller(flavor: Flavor, { flavor: wanted, boots_from_volume }: SourceFacts): boolean {
  const disk_fits = boots_from_volume || flavor.disk === 0 || flavor.disk >= wanted.disk_gb;
  return flavor.vcpus >= wanted.vcpus && flavor.ram >= wanted.ram_mb && disk_fits;
}

function bySize(a: Flavor, b: Flavor): number {
  return a.ram - b.ram || a.vcpus - b.vcpus || a.disk - b.disk || a.name.localeCompare(b.name);
}

function sizeOf({ vcpus, ram, disk }: Pick<Flavor, "vcpus" | "ram" | "disk">): string {
  return `${vcpus} vCPU, ${ram} MiB, ${disk} GiB`;
}
