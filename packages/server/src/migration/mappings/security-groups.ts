import type { MappingRow } from "@uniview/api";
import type { SecurityGroup } from "@uniview/openstack/network/security-groups";
import type { SourceFacts } from "../source-facts.ts";
import type { TargetFacts } from "../target-facts.ts";
import { chosenByUser } from "./choose.ts";

export interface SecurityGroupMapping {
  readonly source: SecurityGroup;
  /** null: it is made there, with its rules. */
  readonly target: SecurityGroup | null;
  readonly row: MappingRow;
}

/**
 * One row per security group of the server's ports, and of those that their rules refer to. Suggested: the group of
 * the same name if only one has it, else a new one with the same rules.
 */
export function mapSecurityGroups(
  source: SourceFacts,
  target: TargetFacts,
  mapping: Readonly<Record<string, string>>,
): SecurityGroupMapping[] {
  return groupsInUse(source).map((group) => {
    const chosen = chosenByUser("security_group", mapping, group, target.security_groups, target.site);
    const named = target.security_groups.filter(({ name }) => name === group.name);
    const found = chosen ?? (named.length === 1 ? named[0] : undefined) ?? null;
    return {
      source: group,
      target: found,
      row: {
        kind: "security_group",
        source: { id: group.id, name: group.name, detail: `${group.security_group_rules.length} rules` },
        target: found ? { id: found.id, name: found.name } : { id: "", name: group.name },
        creates: found === null,
        why: chosen
          ? "chosen"
          : found
            ? "same name: its rules there stay as they are"
            : "It is made there with the same rules.",
        choices: target.security_groups.map(({ id, name }) => ({ id, name, fits: true })),
      },
    };
  });
}

/** Rules may refer to other groups, and those to others: all of them are needed. */
function groupsInUse({ ports, security_groups }: SourceFacts): SecurityGroup[] {
  const needed = new Set(ports.flatMap((port) => port.security_groups));
  for (const id of needed) {
    const group = security_groups.find((row) => row.id === id);
    for (const { remote_group_id } of group?.security_group_rules ?? []) {
      if (remote_group_id) needed.add(remote_group_id);
    }
  }
  return security_groups.filter(({ id }) => needed.has(id));
}
