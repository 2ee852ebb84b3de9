import type { MappingRow } from "@uniview/api";
import type { VolumeType } from "@uniview/openstack/block-storage/volume-types";
import type { SourceFacts } from "../source-facts.ts";
import type { TargetFacts } from "../target-facts.ts";
import { chosenByUser } from "./choose.ts";

export interface VolumeTypeMapping {
  readonly source: string;
  /** null: the target's default type. */
  readonly target: VolumeType | null;
  readonly row: MappingRow;
}

/** One row per volume type in use. Suggested: the type of the same name, else what the target makes by default. */
export function mapVolumeTypes(
  source: SourceFacts,
  target: TargetFacts,
  mapping: Readonly<Record<string, string>>,
): VolumeTypeMapping[] {
  const used = new Set(source.volumes.map(({ volume }) => volume.volume_type ?? ""));
  return [...used].filter(Boolean).map((name) => {
    const chosen = chosenByUser("volume_type", mapping, { id: name, name }, target.volume_types, target.site);
    const named = target.volume_types.find((type) => type.name === name);
    const found = chosen ?? named ?? null;
    return {
      source: name,
      target: found,
      row: {
        kind: "volume_type",
        source: { id: name, name },
        target: found ? { id: found.id, name: found.name } : { id: "", name: "(the site's default)" },
        creates: false,
        why: chosen
          ? "chosen"
          : named
            ? "same name"
            : "No type there has its name: the site's default is used.",
        choices: target.volume_types.map((type) => ({
          id: type.id,
          name: type.name,
          fits: true,
          ...(type.description ? { why: type.description } : {}),
        })),
      },
    };
  });
}
