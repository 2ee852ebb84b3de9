import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../options.ts";
import { type Body, openSite, SiteClient } from "../testing/site-client.ts";

let site: Sandbox & AsyncDisposable;
let demo: SiteClient;
let tenant: string;
let external: string;

beforeAll(async () => {
  site = await openSite();
  demo = await SiteClient.signIn(site);
  const networks = await demo.list("network", "/networks", "networks");
  const idOf = (name: string) => String(networks.find((network) => network["name"] === name)?.["id"]);
  tenant = idOf("demo-net");
  external = idOf("public");
});
afterAll(() => site[Symbol.asyncDispose]());

const port = (wish: Body) => demo.ask("POST", "network", "/ports", { json: { port: wish } });

test("on their own network a member chooses MAC and address, once", async () => {
  const wish = {
    network_id: tenant,
    mac_address: "FA:16:3E:00:11:22",
    fixed_ips: [{ ip_address: "10.0.0.50" }],
  };
  const made = await port(wish);
  expect(made.status).toBe(201);
  expect(made.body["port"]).toMatchObject({
    mac_address: "fa:16:3e:00:11:22",
    status: "DOWN",
    fixed_ips: [{ ip_address: "10.0.0.50" }],
    security_groups: [expect.any(String)],
  });
  const error = async (more: Body) => (await port({ network_id: tenant, ...more })).body["NeutronError"];
  expect(await error({ mac_address: "fa:16:3e:00:11:22" })).toEqual({
    type: "MacAddressInUse",
    message: `Unable to complete operation for network ${tenant}. The mac address fa:16:3e:00:11:22 is in use.`,
    detail: "",
  });
  expect(await error({ fixed_ips: [{ ip_address: "10.0.0.50" }] })).toMatchObject({
    type: "IpAddressAlreadyAllocated",
  });
  expect(await error({ fixed_ips: [{ ip_address: "10.9.0.50" }] })).toMatchObject({
    type: "InvalidIpForNetwork",
  });
  expect(await error({ bogus: 1 })).toMatchObject({ message: "Unrecognized attribute(s) 'bogus'" });
});

test("on a shared network of others they choose a subnet, but neither MAC nor address", async () => {
  const refused = async (more: Body) => await port({ network_id: external, ...more });
  expect(await refused({ mac_address: "fa:16:3e:00:11:33" })).toMatchObject({
    status: 403,
    body: {
      NeutronError: {
        type: "PolicyNotAuthorized",
        message: "(rule:create_port and rule:create_port:mac_address) is disallowed by policy",
      },
    },
  });
  expect((await refused({ fixed_ips: [{ ip_address: "172.24.4.150" }] })).status).toBe(403);
  const [subnet] = await demo.list("network", `/subnets?network_id=${external}`, "subnets");
  expect((await refused({ fixed_ips: [{ subnet_id: subnet?.["id"] }] })).status).toBe(201);
});

test("a floating IP reaches a port through the router and lets go of it when the port goes", async () => {
  const made = (await port({ network_id: tenant })).body["port"] as Body;
  const floating = await demo.create("network", "/floatingips", "floatingip", {
    floatingip: { floating_network_id: external, port_id: made["id"] },
  });
  expect(floating).toMatchObject({ port_id: made["id"], port_details: { network_id: tenant } });
  expect((await demo.ask("DELETE", "network", `/ports/${made["id"]}`)).status).toBe(204);
  expect(await demo.get("network", `/floatingips/${floating["id"]}`, "floatingip")).toMatchObject({
    port_id: null,
  });
  const inside = { floatingip: { floating_network_id: tenant } };
  expect((await demo.ask("POST", "network", "/floatingips", { json: inside })).status).toBe(400);
});

test("a network in use stays; without ports it goes with its subnets", async () => {
  const network = await demo.create("network", "/networks", "network", { network: { name: "mine" } });
  const subnet = await demo.create("network", "/subnets", "subnet", {
    subnet: { network_id: network["id"], cidr: "10.123.0.0/24", ip_version: 4 },
  });
  expect(subnet).toMatchObject({
    gateway_ip: "10.123.0.1",
    allocation_pools: [{ start: "10.123.0.2", end: "10.123.0.254" }],
  });
  const made = (await port({ network_id: network["id"] })).body["port"] as Body;
  expect((await demo.ask("DELETE", "network", `/networks/${network["id"]}`)).body).toMatchObject({
    NeutronError: { type: "NetworkInUse" },
  });
  await demo.ask("DELETE", "network", `/ports/${made["id"]}`);
  expect((await demo.ask("DELETE", "network", `/networks/${network["id"]}`)).status).toBe(204);
  expect((await demo.ask("GET", "network", `/subnets/${subnet["id"]}`)).status).toBe(404);
  const shared = await demo.ask("POST", "network", "/networks", {
    json: { network: { name: "x", shared: true } },
  });
  expect(shared.status).toBe(403);
});

test("security groups: two egress rules at first, no rule twice, none deleted while in use", async () => {
  const group = await demo.create("network", "/security-groups", "security_group", {
    security_group: { name: "g" },
  });
  expect((group["security_group_rules"] as unknown[]).length).toBe(2);
  const rule = {
    security_group_id: group["id"],
    direction: "ingress",
    protocol: "tcp",
    port_range_min: 22,
    port_range_max: 22,
    remote_ip_prefix: "0.0.0.0/0",
  };
  const make = () =>
    demo.ask("POST", "network", "/security-group-rules", { json: { security_group_rule: rule } });
  expect((await make()).status).toBe(201);
  expect((await make()).body).toMatchObject({ NeutronError: { type: "SecurityGroupRuleExists" } });
  const made = (await port({ network_id: tenant, security_groups: [group["id"]] })).body["port"] as Body;
  expect((await demo.ask("DELETE", "network", `/security-groups/${group["id"]}`)).status).toBe(409);
  await demo.ask("DELETE", "network", `/ports/${made["id"]}`);
  expect((await demo.ask("DELETE", "network", `/security-groups/${group["id"]}`)).status).toBe(204);
});

test("lists filter by any attribute, pick fields and page", async () => {
  const routers = await demo.list(
    "network",
    `/ports?network_id=${tenant}&device_owner=network:router_interface&fields=id`,
    "ports",
  );
  expect(routers).toEqual([{ id: expect.any(String) }]);
  const page = await demo.ask("GET", "network", "/security-group-rules?limit=1");
  expect(page.body["security_group_rules_links"]).toMatchObject([{ rel: "next" }]);
  site.faults.setQuota("network", "demo", { port: 0 });
  expect((await port({ network_id: tenant })).body).toMatchObject({ NeutronError: { type: "OverQuota" } });
  site.faults.setQuota("network", "demo", { port: 500 });
});
