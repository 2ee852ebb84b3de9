import { awaitGuest, makeGuest, readGuest } from "../guest.ts";
import { awaitJob, awaitListed, guestOf, isOver, movesBytes, startMigration } from "../migrate.ts";
import { listBelongings, newSince } from "../residue.ts";
import type { Scenario } from "../world.ts";

export const killedServer: Scenario = {
  name: "killed-server",
  title: "kill -9 of Uniview's server in the middle of the transfer: the job goes on by itself",
  async run({ zed, epoxy, uniview, report }) {
    const guest = await makeGuest(zed, "killed", "demo-net", { floating: true });
    await awaitListed(uniview, zed, guest);
    const had = await listBelongings(zed);
    const before = await readGuest(guest.address);
    const id = await startMigration(uniview, zed, guest, epoxy);
    const job = await awaitJob(uniview, id, "moves bytes", (job) => movesBytes(job) || isOver(job));
    report.check("the server was killed in the middle of the transfer", movesBytes(job), job.status);
    report.note(`killed at ${job.progress?.bytes_done} of ${job.progress?.bytes_total} bytes`);
    await uniview.kill();
    await report.time("restart after kill -9, until it answers", () => uniview.launch());
    const ended = await awaitJob(uniview, id, "ends", isOver);
    report.check(
      "the job ended well, with nobody's help",
      ended.status === "succeeded",
      ended.problem?.detail ?? ended.status,
    );
    const moved = await guestOf(ended, epoxy, false);
    const after = await awaitGuest(moved.address);
    report.check(
      "the guest's counter went on",
      after.counter > before.counter,
      `${before.counter} → ${after.counter}`,
    );
    const left = newSince(had, await listBelongings(zed));
    report.check("nothing temporary is left in zed", left.length === 0, left);
  },
};
