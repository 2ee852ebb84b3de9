import { collect, isStatus, type ServiceClient, unlessMissing } from "@uniview/openstack";
import { deleteKeypair, getKeypair, importKeypair } from "@uniview/openstack/compute/keypairs";
import {
  createSecurityGroup,
  createSecurityGroupRule,
  deleteSecurityGroup,
  deleteSecurityGroupRule,
  listSecurityGroups,
  type SecurityGroup,
} from "@uniview/openstack/network/security-groups";
import type { MigrationOrders, RuleOrder } from "../orders.ts";
import { findSecurityGroups } from "./marked.ts";
import { type MigrationStep, markOf } from "./step.ts";

/** The security groups that the target does not have. While the job runs their description is its mark. */
export function createSecurityGroups({ target, security_groups }: MigrationOrders): MigrationStep {
  return {
    name: "security-groups",
    side: "target",
    title: `Make the security groups at ${target.site}`,
    async do(hands, state, context) {
      const neutron = await hands.at("target", "network");
      const mark = markOf(context);
      const made = await findSecurityGroups(neutron, mark);
      const ids: Record<string, string> = {};
      for (const { source_id, target_id, name } of security_groups) {
        const found = made.find((group) => group.name === name);
        ids[source_id] =
          target_id ?? found?.id ?? (await createSecurityGroup(neutron, { name, description: mark })).id;
      }
      // Rules may refer to any of the groups, in a circle too: so all groups come first.
      for (const { source_id, target_id, rules } of security_groups) {
        const id = ids[source_id];
        if (target_id === null && id !== undefined) await writeRules(neutron, id, rules, ids);
      }
      return { ...state, security_group_ids: ids };
    },
    async undo(hands, context) {
      const neutron = await hands.at("target", "network");
      const made = await findSecurityGroups(neutron, markOf(context));
      for (const { id } of made) await clearRules(neutron, made, id); // a group that another one's rules name cannot go
      for (const { id } of made) await unlessMissing(deleteSecurityGroup(neutron, id));
    },
  };
}

/** The rules, and none beside them: a new group comes with the site's own default rules. */
async function writeRules(
  neutron: ServiceClient,
  id: string,
  rules: readonly RuleOrder[],
  ids: Readonly<Record<string, string>>,
): Promise<void> {
  const [group] = await collect(listSecurityGroups(neutron, { query: { id } }));
  const wanted = rules.map(({ remote_group_source_id, ...rule }) => ({
    ...rule,
    remote_group_id: remote_group_source_id === null ? null : (ids[remote_group_source_id] ?? null),
  }));
  for (const rule of group?.security_group_rules ?? []) {
    const is_wanted = wanted.some((other) => FIELDS.every((field) => (rule[field] ?? null) === other[field]));
    if (!is_wanted) await unlessMissing(deleteSecurityGroupRule(neutron, rule.id));
  }
  for (const rule of wanted) {
    const present = Object.fromEntries(
      Object.entries(rule).filter(([, value]) => value !== null),
    ) as typeof rule;
    await createSecurityGroupRule(neutron, { security_group_id: id, ...present }).catch((error: unknown) => {
      if (!isStatus(error, 409)) throw error; // it has this rule already
    });
  }
}

const FIELDS = [
  "direction",
  "ethertype",
  "protocol",
  "port_range_min",
  "port_range_max",
  "remote_ip_prefix",
  "remote_group_id",
] as const;

async function clearRules(
  neutron: ServiceClient,
  groups: readonly SecurityGroup[],
  id: string,
): Promise<void> {
  for (const rule of groups.flatMap(({ security_group_rules }) => security_group_rules)) {
    if (rule.remote_group_id === id) await unlessMissing(deleteSecurityGroupRule(neutron, rule.id));
  }
}

/** Imports the public key where the target does not have it. */
export function importPublicKey({ target, keypair }: MigrationOrders): MigrationStep {
  const { name, public_key } = keypair ?? { name: "", public_key: null };
  return {
    name: "keypair",
    side: "target",
    title: `Import the public key ${name} at ${target.site}`,
    async do(hands, state) {
      const nova = await hands.at("target", "compute");
      if (public_key !== null && (await unlessMissing(getKeypair(nova, name))) === undefined)
        await importKeypair(nova, name, public_key);
      return state;
    },
    // A keypair holds no mark: but this name was free when the job began, and the key must be the one that was imported.
    async undo(hands) {
      const nova = await hands.at("target", "compute");
      const found = await unlessMissing(getKeypair(nova, name));
      if (found?.public_key.trim() === public_key?.trim()) await unlessMissing(deleteKeypair(nova, name));
    },
  };
}
