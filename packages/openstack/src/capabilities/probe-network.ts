import { randomUUID } from "node:crypto";
import { listExtensions } from "../network/extensions.ts";
import type { ServiceClient } from "../service/service-client.ts";
import { attempt, idIn } from "./attempt.ts";
import { EXTENSION_ALIASES, extensionCapability } from "./capability-table.ts";
import { type Finding, fine } from "./finding.ts";
import { probePorts } from "./probe-ports.ts";
import type { ProbedSite } from "./probed-site.ts";

/** Aliases that came in the place of another, or that say the same. */
const INSTEAD: Readonly<Record<string, RegExp>> = {
  "standard-attr-tag": /^(standard-attr-tag|tag-ports-during-bulk-creation|tag-ext)$/,
  "dns-integration": /^dns-integration/,
};

/** What Neutron can do (its extensions), and what a role may do with ports and floating IPs. */
export async function probeNetwork(site: ProbedSite): Promise<Finding[]> {
  const neutron = await site.client("network");
  const extensions = await listExtensions(neutron);
  const aliases = extensions.map(({ alias }) => alias);
  const evidence = fine(neutron, "GET", "/extensions", 200);
  const offered = EXTENSION_ALIASES.map((alias): Finding => {
    const has = aliases.some((one) => INSTEAD[alias]?.test(one) ?? one === alias);
    return { capability: extensionCapability(alias), state: has ? "yes" : "no", how: "list", evidence };
  });
  return [
    ...offered,
    ...(aliases.includes("router") ? [await createFloatingIp(neutron)] : []),
    ...(await probePorts(site)),
  ];
}

/** On a network that is not there: it is looked up after the policy. */
function createFloatingIp(client: ServiceClient): Promise<Finding> {
  return attempt({
    capability: "network.create_floating_ip",
    client,
    path: "/floatingips",
    body: { floatingip: { floating_network_id: randomUUID() } },
    past: ({ status, reason }) => (status === 404 || status === 400) && /network/i.test(reason),
    takeBack: (answer) => client.delete(`/floatingips/${idIn(answer, "floatingip")}`),
  });
}
