import { cancelJob } from "@uniview/api/endpoints/jobs";
import { getServer } from "@uniview/openstack/compute/servers";
import { awaitGuest, type Guest, makeGuest, readGuest } from "../guest.ts";
import { awaitJob, awaitListed, guestOf, isOver, movesBytes, startMigration } from "../migrate.ts";
import { testbed } from "../region.ts";
import { listBelongings, newSince } from "../residue.ts";
import type { Scenario, World } from "../world.ts";

const WAITING_MS = 300_000;

export const deadTarget: Scenario = {
  name: "dead-target",
  title: "The target's image API dies in the middle of the transfer: the job waits, says so, and goes on",
  async run(world) {
    const { zed, epoxy, uniview, report } = world;
    const guest = await makeGuest(zed, "dead", "demo-net", { floating: true });
    const before = await readGuest(guest.address);
    const id = await killTargetUnder(world, guest);
    await testbed("revive", "epoxy");
    const ended = await awaitJob(uniview, id, "ends", isOver);
    report.check(
      "the job went on and ended well",
      ended.status === "succeeded",
      ended.problem?.detail ?? ended.status,
    );
    const after = await awaitGuest((await guestOf(ended, epoxy, false)).address);
    report.check(
      "the guest's counter went on",
      after.counter > before.counter,
      `${before.counter} → ${after.counter}`,
    );
    report.check("the source is off", (await getServer(zed.nova, guest.id)).status === "SHUTOFF");
  },
};

export const cancelledWait: Scenario = {
  name: "cancelled-wait",
  title: "The same, but somebody cancels: everything is undone and the source runs again",
  async run(world) {
    const { zed, epoxy, uniview, report } = world;
    const guest = await makeGuest(zed, "cancelled", "demo-net", { floating: true });
    const before = await readGuest(guest.address);
    const [had_zed, had_epoxy] = await Promise.all([listBelongings(zed), listBelongings(epoxy)]);
    const id = await killTargetUnder(world, guest);
    await uniview.client.call(cancelJob, { params: { id } });
    await testbed("revive", "epoxy");
    const ended = await awaitJob(uniview, id, "ends", isOver);
    report.check("the job is cancelled", ended.status === "cancelled", ended.problem?.detail ?? ended.status);
    const after = await awaitGuest(guest.address);
    report.check(
      "the source runs again, its counter went on",
      after.counter > before.counter,
      `${before.counter} → ${after.counter}`,
    );
    const server = await getServer(zed.nova, guest.id);
    report.check("the source is not locked", server.locked !== true, `locked: ${server.locked}`);
    const left = [
      ...newSince(had_zed, await listBelongings(zed)),
      ...newSince(had_epoxy, await listBelongings(epoxy)),
    ];
    report.check("nothing is left, neither in zed nor in epoxy", left.length === 0, left);
  },
};

/** Ends the target's image API under a transfer, and waits until the job waits. @returns the job's id */
async function killTargetUnder({ zed, epoxy, uniview, report }: World, guest: Guest): Promise<string> {
  await awaitListed(uniview, zed, guest);
  const id = await startMigration(uniview, zed, guest, epoxy);
  const job = await awaitJob(uniview, id, "moves bytes", (job) => movesBytes(job) || isOver(job));
  report.check("the API was killed in the middle of the transfer", movesBytes(job), job.status);
  await testbed("halt", "epoxy", "glance");
  try {
    const waiting = await awaitJob(
      uniview,
      id,
      "waits",
      (job) => job.status === "waiting" || isOver(job),
      WAITING_MS,
    );
    report.check("the job waits", waiting.status === "waiting", waiting.status);
    const said = waiting.problem ?? waiting.steps.find(({ problem }) => problem)?.problem;
    report.check("and says for what", Boolean(said?.detail), said);
    report.note(said?.detail ?? "");
  } catch (error) {
    await testbed("revive", "epoxy"); // whatever went wrong: the region is not left broken
    throw error;
  }
  return id;
}
