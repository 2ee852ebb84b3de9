import assert from "node:assert/strict";
import { isStatus, unlessMissing } from "../../src/errors/openstack-error.ts";
import { listExtensions } from "../../src/network/extensions.ts";
import { createPort, deletePort, getPort, listPorts, updatePort } from "../../src/network/ports.ts";
import {
  createSecurityGroup,
  createSecurityGroupRule,
  deleteSecurityGroup,
  getSecurityGroup,
} from "../../src/network/security-groups.ts";
import { addTag, removeTag } from "../../src/network/tags.ts";
import { collect } from "../../src/service/list-pages.ts";
import type { Clause } from "./clause.ts";

/** Locally administered, so that nobody's card has it. */
const MAC = "fa:16:3e:c0:17:ac";

export const NETWORK_CLAUSES: readonly Clause[] = [
  {
    service: "network",
    says: "A port is made with a MAC of one's own and a security group, tagged, found and removed",
    async try({ neutron, network, prefix, later }) {
      const group = await createSecurityGroup(neutron, { name: prefix, description: "Contract" });
      later(() => unlessMissing(deleteSecurityGroup(neutron, group.id)));
      const port = await createPort(neutron, {
        network_id: network.id,
        name: `${prefix}-port`,
        mac_address: MAC,
        security_groups: [group.id],
      });
      later(() => unlessMissing(deletePort(neutron, port.id)));
      assert.equal(port.mac_address.toLowerCase(), MAC);
      assert.deepEqual(port.security_groups, [group.id]);
      await updatePort(neutron, port.id, { description: "changed" });
      await addTag(neutron, "ports", port.id, "contract");
      const found = await collect(
        listPorts(neutron, { query: { tags: "contract", name: `${prefix}-port` } }),
      );
      assert.deepEqual(
        found.map(({ id, description }) => [id, description]),
        [[port.id, "changed"]],
      );
      await removeTag(neutron, "ports", port.id, "contract");
      await assert.rejects(deleteSecurityGroup(neutron, group.id), (error) => isStatus(error, 409));
      await deletePort(neutron, port.id);
      assert.equal(await unlessMissing(getPort(neutron, port.id)), undefined);
      await deleteSecurityGroup(neutron, group.id);
      return [];
    },
  },
  {
    service: "network",
    says: "A security group takes a rule once, and a second time says 409",
    async try({ neutron, prefix, later }) {
      const { id } = await createSecurityGroup(neutron, { name: `${prefix}-rules`, description: "" });
      later(() => unlessMissing(deleteSecurityGroup(neutron, id)));
      const rule = {
        security_group_id: id,
        direction: "ingress",
        ethertype: "IPv4",
        protocol: "tcp",
        port_range_min: 22,
        port_range_max: 22,
      } as const;
      await createSecurityGroupRule(neutron, rule);
      await assert.rejects(createSecurityGroupRule(neutron, rule), (error) => isStatus(error, 409));
      const { security_group_rules } = await getSecurityGroup(neutron, id);
      assert.equal(security_group_rules.filter(({ port_range_min }) => port_range_min === 22).length, 1);
      await deleteSecurityGroup(neutron, id);
      return [];
    },
  },
  {
    service: "network",
    says: "Extensions are listed, and tags on ports are among them",
    async try({ neutron }) {
      const aliases = (await listExtensions(neutron)).map(({ alias }) => alias);
      assert.ok(aliases.includes("security-group"));
      assert.ok(aliases.some((alias) => alias.startsWith("standard-attr-tag")));
      return [];
    },
  },
];
