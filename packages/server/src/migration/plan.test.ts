import { expect, test } from "vitest";
import { makePlan } from "./plan.ts";
import type { AttachedVolume, SourceFacts } from "./source-facts.ts";
import { inBootOrder } from "./source-facts.ts";
import type { TargetFacts } from "./target-facts.ts";
import { flavor, network, planRequest, port, sourceFacts, targetFacts } from "./testing.ts";

const ENDS = {
  source: { site_project_id: "00000000-0000-4000-8000-000000000001", project_id: "p-old" },
  target: { site_project_id: "00000000-0000-4000-8000-000000000002", project_name: "demo" },
};

function plan(source: Partial<SourceFacts> = {}, target: Partial<TargetFacts> = {}, request = planRequest()) {
  return makePlan(request, { ...sourceFacts(), ...source }, { ...targetFacts(), ...target }, ENDS, null);
}

const outcomes = ({ plan: { checks } }: ReturnType<typeof plan>, id: string) =>
  checks.filter((check) => check.id === id).map(({ outcome }) => outcome);

function volume(id: string, device: string, changes: Partial<AttachedVolume["volume"]> = {}): AttachedVolume {
  return {
    attachment: { volumeId: id, serverId: "server-1", device },
    volume: {
      id,
      name: id,
      description: null,
      status: "in-use",
      size: 5,
      volume_type: "ceph",
      availability_zone: "nova",
      bootable: "false",
      encrypted: false,
      multiattach: false,
      snapshot_id: null,
      source_volid: null,
      created_at: "",
      updated_at: null,
      user_id: "u",
      metadata: {},
      attachments: [],
      ...changes,
    },
  };
}

test("a server that fits can start, with everything mapped to what has the same name", () => {
  const { plan: made, orders } = plan();
  expect(made.can_start).toBe(true);
  expect(made.mappings.map(({ kind, target }) => [kind, target?.name])).toEqual([
    ["network", "app"],
    ["flavor", "small"],
    ["security_group", "web"],
    ["keypair", "me"],
  ]);
  expect(orders?.ports[0]).toMatchObject({
    mac_address: "fa:16:3e:00:00:01",
    fixed_ips: [{ ip_address: "10.0.0.5", subnet_id: "net-new-subnet" }],
  });
});

test("hints for the guest travel with the root disk, the image service's own properties do not", () => {
  expect(plan().orders?.disks[0]?.image_properties).toEqual({ hw_disk_bus: "scsi" });
});

test("on a network of another project the pre-flight says that MAC and address cannot be kept, and does not ask for them", () => {
  const made = plan({}, { networks: [{ ...network("net-new", "app", "p-operator"), shared: true }] });
  expect(outcomes(made, "network.mac")).toEqual(["warn"]);
  expect(outcomes(made, "network.fixed-ip")).toEqual(["warn"]);
  expect(made.orders?.ports[0]).toMatchObject({ mac_address: null, fixed_ips: [] });
});

test("an address that is taken on the target is not kept, a MAC that is free is", () => {
  const made = plan({}, { ports: [port("theirs", "net-new", "fa:16:3e:99:99:99", "10.0.0.5")] });
  expect(made.plan.ports[0]).toMatchObject({ keeps_mac: true, keeps_fixed_ips: false });
  expect(made.plan.ports[0]?.why).toContain("10.0.0.5 is taken by port theirs");
});

test("a MAC is the same MAC in capitals", () => {
  const made = plan({}, { ports: [port("theirs", "net-new", "FA:16:3E:00:00:01", "10.0.0.9")] });
  expect(made.plan.ports[0]?.keeps_mac).toBe(false);
});

test("an address outside the mapped network's range is not kept", () => {
  const made = plan(
    {},
    {},
    planRequest({ mappings: { ...planRequest().mappings, networks: { app: "other" } } }),
  );
  expect(made.plan.ports[0]).toMatchObject({ target_network: "other", keeps_fixed_ips: false });
});

test("a network that nothing stands for fails the pre-flight with the names that there are", () => {
  const made = plan({}, { networks: [network("n", "elsewhere", "p-new")], subnets: [] });
  expect(made.orders).toBeNull();
  expect(made.plan.checks.find(({ id }) => id === "network")).toMatchObject({
    outcome: "fail",
    remedy: expect.stringContaining("elsewhere"),
  });
});

test("a mapping of what the server does not use is refused: it was meant for something else", () => {
  const request = planRequest({ mappings: { ...planRequest().mappings, networks: { ap: "other" } } });
  expect(() => plan({}, {}, request)).toThrow(
    expect.objectContaining({
      slug: "invalid-input",
      message: expect.stringContaining('uses no network "ap".'),
      extras: { field: "mappings.networks", remedy: "It uses: app." },
    }),
  );
});

test("a mapping to what the target does not have is refused with what it has", () => {
  const request = planRequest({ mappings: { ...planRequest().mappings, flavors: { small: "huge" } } });
  expect(() => plan({}, {}, request)).toThrow('The site new has no flavor "huge"');
});

test("without a flavor of the name the smallest that fits is suggested, and never a smaller one", () => {
  const made = plan(
    {},
    { flavors: [flavor("tiny", 1, 512, 1), flavor("xl", 16, 65_536, 500), flavor("medium", 2, 4096, 20)] },
  );
  expect(made.plan.mappings.find(({ kind }) => kind === "flavor")?.target?.name).toBe("medium");
  expect(outcomes(plan({}, { flavors: [flavor("tiny", 1, 512, 1)] }), "flavor")).toEqual(["fail"]);
});

test.each([
  ["instances", { maxTotalInstances: 9 }, "quota.instances"],
  ["vCPUs", { maxTotalCores: 1 }, "quota.cores"],
  ["memory", { maxTotalRAMSize: 1024 }, "quota.ram"],
])("a quota of %s that does not suffice fails the pre-flight", (_, limits, id) => {
  const made = plan({}, { compute_limits: { ...targetFacts().compute_limits, ...limits } });
  expect(outcomes(made, id)).toEqual(["fail"]);
  expect(made.orders).toBeNull();
});

test("snapshots and copies that the source needs meanwhile count against its own quota", () => {
  const limits = {
    maxTotalVolumes: 1,
    totalVolumesUsed: 1,
    maxTotalVolumeGigabytes: -1,
    totalGigabytesUsed: 5,
    maxTotalSnapshots: 10,
    totalSnapshotsUsed: 0,
  };
  const made = plan({ volumes: [volume("data", "/dev/vdb")], block_storage_limits: limits });
  expect(outcomes(made, "quota.source-volumes")).toEqual(["fail"]);
  expect(outcomes(made, "quota.source-gigabytes")).toEqual(["pass"]);
});

test("volumes need block storage on the target", () => {
  expect(
    outcomes(
      plan({ volumes: [volume("data", "/dev/vdb")] }, { block_storage_limits: null }),
      "target.block-storage",
    ),
  ).toEqual(["fail"]);
});

test("a name that is taken fails with the remedy, unless its holder is what an earlier migration left", () => {
  const namesake = { ...sourceFacts().server, id: "other" };
  expect(outcomes(plan({}, { namesakes: [namesake] }), "name")).toEqual(["fail"]);
  expect(
    outcomes(
      plan({}, { namesakes: [{ ...namesake, metadata: { "uniview:migrated_to": "old/server-1" } }] }),
      "name",
    ),
  ).toEqual(["pass"]);
});

test.each([
  ["an ERROR server", { status: "ERROR" }, "source.status"],
  ["a server with a task under way", { "OS-EXT-STS:task_state": "resize_prep" }, "source.status"],
  ["a locked server", { locked: true }, "source.lock"],
])("%s is not migrated", (_, changes, id) => {
  expect(outcomes(plan({ server: { ...sourceFacts().server, ...changes } }), id)).toEqual(["fail"]);
});

test("an encrypted volume is refused: its key stays where it is", () => {
  expect(
    outcomes(plan({ volumes: [volume("secret", "/dev/vdb", { encrypted: true })] }), "source.encryption"),
  ).toEqual(["fail"]);
});

test("somebody else's keypair is a warning, not a failure", () => {
  const made = plan({ keypair: null });
  expect(outcomes(made, "keypair")).toEqual(["warn"]);
  expect(made.orders?.keypair).toBeNull();
});

test("the same public key under another name is used as it is", () => {
  const made = plan(
    {},
    { keypairs: [{ name: "mine", fingerprint: "aa:bb", public_key: "ssh-ed25519 AAAA me" }] },
  );
  expect(made.orders?.keypair).toEqual({ name: "mine", public_key: null });
});

test("another key under the same name is left alone", () => {
  const made = plan({}, { keypairs: [{ name: "me", fingerprint: "cc:dd", public_key: "ssh-ed25519 BBBB" }] });
  expect(made.orders?.keypair?.name).toBe("me-old");
});

test("groups that rules refer to are made too, even in a circle", () => {
  const rule = (remote_group_id: string) => ({
    id: `r-${remote_group_id}`,
    security_group_id: "",
    direction: "ingress" as const,
    ethertype: "IPv4" as const,
    protocol: "tcp",
    port_range_min: 22,
    port_range_max: 22,
    remote_ip_prefix: null,
    remote_group_id,
  });
  const group = (id: string, remote: string) => ({
    id,
    name: id,
    description: "",
    project_id: "p-old",
    security_group_rules: [rule(remote)],
  });
  const made = plan({
    security_groups: [group("sg-web", "sg-db"), group("sg-db", "sg-web"), group("unused", "sg-web")],
  });
  expect(made.orders?.security_groups.map(({ name }) => name)).toEqual(["sg-web", "sg-db"]);
});

test("the boot volume is the first bootable one in the order of devices, whatever order the site lists them in", () => {
  const volumes = [
    volume("b", "/dev/vdb", { bootable: "true" }),
    volume("late", "/dev/vdaa"),
    volume("a", "/dev/vda", { bootable: "true" }),
  ];
  expect(inBootOrder(volumes, true).map(({ volume }) => volume.id)).toEqual(["a", "b", "late"]);
});

test("consistency is claimed as it is: stopped, crash for one running disk, staggered for several", () => {
  const keep = planRequest({ keep_source_running: true });
  expect(plan().plan.consistency).toBe("stopped");
  expect(plan({}, {}, keep).plan.consistency).toBe("crash");
  expect(plan({ volumes: [volume("data", "/dev/vdb")] }, {}, keep).plan.consistency).toBe("staggered");
});

test("a floating IP is taken from the network behind the target network's router, or none is promised", () => {
  const floating_ips = [
    {
      id: "f",
      floating_ip_address: "192.0.2.7",
      floating_network_id: "x",
      fixed_ip_address: null,
      port_id: "port-1",
      router_id: null,
      project_id: "p",
      status: "ACTIVE",
    },
  ];
  expect(plan({ floating_ips }).orders?.ports[0]?.floating_network_id).toBeNull();
  const router_port = {
    ...port("rp", "net-new", "fa:16:3e:00:00:ff", "10.0.0.1"),
    device_owner: "network:router_interface",
    device_id: "router-1",
  };
  const routers = [
    {
      id: "router-1",
      name: "r",
      project_id: "p-new",
      status: "ACTIVE",
      admin_state_up: true,
      external_gateway_info: { network_id: "ext" },
    },
  ];
  const networks = [...targetFacts().networks, network("ext", "public", "p-operator")];
  expect(
    plan({ floating_ips }, { ports: [router_port], routers, networks }).orders?.ports[0]?.floating_network_id,
  ).toBe("ext");
});

test("what the two sites are too old for is told before, by the notes of the calls themselves", () => {
  const at = (max: string) => ({ type: "compute" as const, versions: { version: "v2.1", min: "2.1", max } });
  const server = { ...sourceFacts().server, tags: ["prod"], "OS-EXT-SRV-ATTR:hostname": "web-1" };
  const told = (source: string, target: string, request = planRequest()) =>
    plan({ server, compute: at(source) }, { compute: at(target) }, request).plan.degraded.slice(1);
  expect(told("2.93", "2.100")).toEqual([]);
  expect(told("2.60", "2.87")).toEqual([
    "The server is locked without saying why (that takes Nova 2.73, old has 2.60).",
    "The hostname that the guest is told follows from the server's name (that takes Nova 2.90, new has 2.87).",
  ]);
  expect(told("2.60", "2.90", planRequest({ keep_source_running: true }))).toEqual([]);
});

test("the guest's hostname goes along where the source shows it and the target takes it", () => {
  const named = (hostname: string) =>
    plan({ server: { ...sourceFacts().server, "OS-EXT-SRV-ATTR:hostname": hostname } }).orders?.hostname;
  expect(named("web-1")).toBe("web-1");
  expect(named("web.example.com")).toBeNull();
  expect(plan().orders?.hostname).toBeNull();
});
