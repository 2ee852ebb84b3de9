import { type Job, JobDetail, type MigrationPlan, MigrationResult } from "@uniview/api";
import { getJob } from "@uniview/api/endpoints/jobs";
import { collect } from "@uniview/openstack";
import { getServer } from "@uniview/openstack/compute/servers";
import { listPorts } from "@uniview/openstack/network/ports";
import type { Guest } from "./guest.ts";
import type { Region } from "./region.ts";
import type { Report } from "./report.ts";
import type { Uniview } from "./uniview.ts";
import { until } from "./until.ts";

const SEEN_MS = 120_000;

/** A new server is in the list within seconds; only then can it be named in a command. */
export async function awaitListed(uniview: Uniview, region: Region, guest: Guest): Promise<void> {
  await until(`${guest.name} in the server list`, SEEN_MS, async () => {
    const list = await uniview.json<{ items: { id: string; status: string }[] }>(
      "server",
      "list",
      `id:${guest.id}`,
      "--site",
      region.name,
    );
    return list.items.find(({ id, status }) => id === guest.id && status === "ACTIVE");
  });
}

export function planOf(uniview: Uniview, from: Region, guest: Guest, to: Region): Promise<MigrationPlan> {
  return uniview.json<MigrationPlan>("migration", "plan", guest.id, "--site", from.name, "--to", to.name);
}

/** `uniview migration start SERVER --to SITE --wait --json`. */
export async function migrate(uniview: Uniview, from: Region, guest: Guest, to: Region): Promise<JobDetail> {
  const started = await uniview.json<Job>(
    "migration",
    "start",
    guest.id,
    "--site",
    from.name,
    "--to",
    to.name,
    "--wait",
  );
  return readJob(uniview, started.id);
}

/** The same without `--wait`, for scenarios that break something on the way. */
export async function startMigration(
  uniview: Uniview,
  from: Region,
  guest: Guest,
  to: Region,
): Promise<string> {
  return (await uniview.json<Job>("migration", "start", guest.id, "--site", from.name, "--to", to.name)).id;
}

export async function readJob(uniview: Uniview, id: string): Promise<JobDetail> {
  return JobDetail.parse(await uniview.client.call(getJob, { params: { id } }));
}

/** The job once it is as asked; looks often, since a small disk is moved in seconds. */
export function awaitJob(
  uniview: Uniview,
  id: string,
  what: string,
  wanted: (job: JobDetail) => boolean,
  within_ms = 900_000,
): Promise<JobDetail> {
  return until(
    `job ${id} ${what}`,
    within_ms,
    async () => {
      const job = await readJob(uniview, id);
      return wanted(job) ? job : undefined;
    },
    200,
  );
}

export const isOver = ({ status }: JobDetail): boolean =>
  ["succeeded", "undone", "cancelled", "stuck"].includes(status);

/** Bytes are on their way: begun, and not yet all there. */
export const movesBytes = ({ status, progress }: JobDetail): boolean =>
  status === "running" &&
  progress !== null &&
  progress.bytes_done > 0 &&
  progress.bytes_total !== null &&
  progress.bytes_done < progress.bytes_total;

/** The migrated server as a guest of the target. */
export async function guestOf(
  job: JobDetail,
  target: Region,
  volumes: boolean,
): Promise<Guest & { result: MigrationResult }> {
  const result = MigrationResult.parse(job.result);
  const { id, name, addresses } = result.server;
  const [port] = await collect(listPorts(target.neutron, { query: { device_id: id } }));
  if (!port) throw new Error(`${name} has no port at ${target.name}`);
  const reachable = addresses.find(({ kind }) => kind === "floating") ?? addresses[0];
  const server = await getServer(target.nova, id);
  const volume_id = server["os-extended-volumes:volumes_attached"]?.at(-1)?.id;
  return {
    id,
    name,
    address: reachable?.address ?? "",
    port,
    volume_id: volumes ? volume_id : undefined,
    result,
  };
}

/** After a migration the source is off, locked, and still whole. */
export async function checkSourceKept(report: Report, { nova, name }: Region, guest: Guest): Promise<void> {
  const server = await getServer(nova, guest.id);
  report.check(`the source in ${name} is SHUTOFF`, server.status === "SHUTOFF", server.status);
  report.check(`the source in ${name} is locked`, server.locked === true, `locked: ${server.locked}`);
  if (nova.supports("2.73"))
    report.check("the lock says why", Boolean(server.locked_reason), server.locked_reason);
}
