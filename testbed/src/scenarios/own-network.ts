import { getServer } from "@uniview/openstack/compute/servers";
import { awaitGuest, dataCounter, type Guest, makeGuest, readGuest, removeGuest } from "../guest.ts";
import { awaitListed, checkSourceKept, guestOf, migrate, planOf } from "../migrate.ts";
import type { Region } from "../region.ts";
import { listBelongings, newSince } from "../residue.ts";
import type { Scenario, World } from "../world.ts";

export const ownNetwork: Scenario = {
  name: "own-network",
  title: "A guest on the tenant's own network, with floating IP and data volume, moves from zed to epoxy",
  async run(world) {
    const { zed, epoxy, report } = world;
    const guest = await report.time("guest in zed, from create to a written data volume", () =>
      makeGuest(zed, "own", "demo-net", { floating: true, volume: true }),
    );
    world.travelled = { source: guest, guest: await travel(world, zed, epoxy, guest) };
  },
};

export const backAgain: Scenario = {
  name: "back-again",
  title: "And back again from epoxy to zed, once the source there is let go of",
  async run(world) {
    const { zed, epoxy } = world;
    const { source, guest } = world.travelled ?? {
      source: undefined,
      guest: await makeGuest(epoxy, "back", "demo-net", { floating: true, volume: true }),
    };
    // shut off as it is, the source still holds the MAC and the address that the guest comes home to
    if (source) await removeGuest(zed, source.id);
    await travel(world, epoxy, zed, guest);
  },
};

/** Moves the guest, and looks at everything that was promised. */
async function travel(world: World, from: Region, to: Region, guest: Guest): Promise<Guest> {
  const { uniview, report } = world;
  await awaitListed(uniview, from, guest);
  const plan = await planOf(uniview, from, guest, to);
  report.check(
    "the pre-flight says that it can start",
    plan.can_start,
    plan.checks.filter(({ outcome }) => outcome === "fail"),
  );
  const [port] = plan.ports;
  report.check(
    "the pre-flight promises MAC and fixed IP",
    port?.keeps_mac === true && port.keeps_fixed_ips,
    port?.why,
  );
  const [had_from, had_to] = await Promise.all([listBelongings(from), listBelongings(to)]);
  const before = await readGuest(guest.address);

  const job = await report.time(`migration ${from.name} → ${to.name} (own network, data volume)`, () =>
    migrate(uniview, from, guest, to),
  );
  report.check("the job succeeded", job.status === "succeeded", job.problem?.detail ?? job.status);
  const moved = await guestOf(job, to, true);
  report.figure(`measured downtime ${from.name} → ${to.name}`, `${moved.result.downtime_s} s`);
  for (const disk of moved.result.disks) {
    // a source without a checksum of its own (Nova's snapshot on RBD has none) leaves the target's to compare with
    report.check(`disk ${disk.name} is verified`, disk.verified !== "none", disk);
    report.note(`${disk.name}: ${disk.bytes_moved} bytes, verified against ${disk.verified}`);
  }

  const after = await awaitGuest(moved.address, (status) => dataCounter(status) !== undefined);
  const counted = `${before.counter} before, ${after.counter} after, boot ${after.boots}`;
  report.check(
    `the guest answers in ${to.name}, its counter went on`,
    after.counter > before.counter && after.boots === before.boots + 1,
    counted,
  );
  report.check(
    "the data volume is still its own",
    (dataCounter(after) ?? 0) > (dataCounter(before) ?? 0),
    after.disks,
  );
  report.note(`counter ${counted}; data ${dataCounter(before)} → ${dataCounter(after)}`);
  report.check("the MAC is the same", after.mac === before.mac, `${before.mac} → ${after.mac}`);
  report.check("the fixed IP is the same", after.ip === before.ip, `${before.ip} → ${after.ip}`);

  await checkSourceKept(report, from, guest);
  const left_at_source = newSince(had_from, await listBelongings(from));
  report.check(`nothing temporary is left in ${from.name}`, left_at_source.length === 0, left_at_source);
  const left_at_target = newSince(had_to, await listBelongings(to), await belongsTo(to, moved));
  report.check(
    `nothing is new in ${to.name} but what the server needs`,
    left_at_target.length === 0,
    left_at_target,
  );
  return moved;
}

/** What a server needs, as keys of the belongings. */
async function belongsTo(region: Region, guest: Guest): Promise<string[]> {
  const server = await getServer(region.nova, guest.id);
  const volumes = server["os-extended-volumes:volumes_attached"] ?? [];
  const floating = [...(await listBelongings(region))]
    .filter(([, what]) => what === guest.address)
    .map(([key]) => key);
  return [
    `server ${guest.id}`,
    `port ${guest.port.id}`,
    ...volumes.map(({ id }) => `volume ${id}`),
    ...(server.image ? [`image ${server.image.id}`] : []),
    ...floating,
  ];
}
