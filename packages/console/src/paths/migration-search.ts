import type { Mappings } from "@uniview/api";

type MappingsInput = (typeof Mappings)["_input"];
export type MappingKind = keyof MappingsInput & string;

/** What the URL of a migration's review says: a plan can be sent to a colleague. */
export interface MigrationSearch {
  readonly to?: string;
  readonly project?: string;
  readonly name?: string;
  readonly running?: "yes";
  /** `networks:private=net-1` for each choice, with a semicolon between. */
  readonly map?: string;
}

const KINDS: readonly MappingKind[] = ["networks", "flavors", "volume_types", "security_groups", "keypairs"];

export function readMigrationSearch(search: Record<string, unknown>): MigrationSearch {
  const { to, project, name, running, map } = search;
  return {
    ...(typeof to === "string" ? { to } : {}),
    ...(typeof project === "string" ? { project } : {}),
    ...(typeof name === "string" ? { name } : {}),
    ...(running === "yes" ? { running } : {}),
    ...(typeof map === "string" && map !== "" ? { map } : {}),
  };
}

export function readMappings(map: string | undefined): MappingsInput {
  const mappings: Record<string, Record<string, string>> = {};
  for (const choice of (map ?? "").split(";")) {
    const match = /^(\w+):([^=]+)=(.+)$/.exec(choice);
    const [, kind, source, target] = match ?? [];
    if (!kind || !source || !target || !KINDS.includes(kind as MappingKind)) continue;
    mappings[kind] = { ...mappings[kind], [decode(source)]: decode(target) };
  }
  return mappings;
}

/** The URL's `map` with one choice more, or another one for the same object. */
export function withMapping(
  map: string | undefined,
  kind: MappingKind,
  source: string,
  target: string,
): string {
  const mappings = readMappings(map);
  const changed = { ...mappings, [kind]: { ...mappings[kind], [source]: target } };
  return KINDS.flatMap((each) =>
    Object.entries(changed[each] ?? {}).map(([from, to]) => `${each}:${encode(from)}=${encode(to)}`),
  ).join(";");
}

function encode(text: string): string {
  return text.replace(/[%;=:]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(text: string): string {
  return text.replace(/%(25|3B|3D|3A)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
