import { awaitGuest, makeGuest, readGuest } from "../guest.ts";
import { awaitListed, checkSourceKept, guestOf, migrate, planOf } from "../migrate.ts";
import { listBelongings, newSince } from "../residue.ts";
import type { Scenario } from "../world.ts";

export const sharedNetwork: Scenario = {
  name: "shared-network",
  title:
    "A guest on the shared network, where a member chooses neither MAC nor IP, moves too and is told so before",
  async run({ zed, epoxy, uniview, report }) {
    const guest = await makeGuest(zed, "shared", "public");
    await awaitListed(uniview, zed, guest);
    const plan = await planOf(uniview, zed, guest, epoxy);
    const [port] = plan.ports;
    report.check("the pre-flight says that the MAC cannot be kept", port?.keeps_mac === false, port);
    report.check(
      "the pre-flight says that the fixed IP cannot be kept",
      port?.keeps_fixed_ips === false,
      port,
    );
    report.check("and why", Boolean(port?.why), port?.why);
    report.note(port?.why ?? "");

    const had = await listBelongings(zed);
    const before = await readGuest(guest.address);
    const job = await report.time("migration zed → epoxy (shared network)", () =>
      migrate(uniview, zed, guest, epoxy),
    );
    report.check("the job succeeded", job.status === "succeeded", job.problem?.detail ?? job.status);
    const moved = await guestOf(job, epoxy, false);
    const after = await awaitGuest(moved.address);
    report.check(
      "the guest answers in epoxy, its counter went on",
      after.counter > before.counter,
      `${before.counter} → ${after.counter}`,
    );
    await checkSourceKept(report, zed, guest);
    const left = newSince(had, await listBelongings(zed));
    report.check("nothing temporary is left in zed", left.length === 0, left);
  },
};
