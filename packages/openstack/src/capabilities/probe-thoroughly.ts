import { randomUUID } from "node:crypto";
import {
  createSnapshot,
  deleteSnapshot,
  waitForSnapshot,
  waitForSnapshotGone,
} from "../block-storage/snapshots.ts";
import { createVolume, deleteVolume, waitForVolume, waitForVolumeGone } from "../block-storage/volumes.ts";
import { OpenStackError, unlessMissing } from "../errors/openstack-error.ts";
import { ResourceFailed } from "../errors/resource-failed.ts";
import type { ServiceClient } from "../service/service-client.ts";
import { evidenceOf, type Finding, fine } from "./finding.ts";
import { PROBE_PREFIX, type ProbedSite } from "./probed-site.ts";

/** Of each wait for a volume or snapshot of 1 GiB. */
const WAIT_TIMEOUT_MS = 2 * 60_000;

interface Made {
  readonly findings: Finding[];
  /** What could not be removed again, one sentence each. */
  readonly left_behind: string[];
}

/**
 * What only doing it tells: makes a volume of 1 GiB and a snapshot of it, and removes both at once. Only for who asked
 * for it.
 */
export async function probeThoroughly({ client }: ProbedSite): Promise<Made> {
  const cinder = await client("block-storage");
  const name = `${PROBE_PREFIX}-${randomUUID()}`;
  const findings: Finding[] = [];
  const left_behind: string[] = [];
  const removeAs = async (what: string, id: string, remove: () => Promise<unknown>) => {
    await remove().catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      left_behind.push(`The ${what} ${id} (${name}) could not be deleted: ${why}`);
    });
  };

  const volume = await make(findings, "block-storage.create_volume", cinder, "/volumes", () =>
    createVolume(cinder, { name, size: 1, description: "Made to see whether it can be; it may be deleted." }),
  );
  if (volume === undefined) return { findings, left_behind };
  try {
    await waitForVolume(cinder, volume.id, "available", { timeout_ms: WAIT_TIMEOUT_MS });
    const snapshot = await make(findings, "block-storage.create_snapshot", cinder, "/snapshots", () =>
      createSnapshot(cinder, { volume_id: volume.id, name }),
    );
    if (snapshot !== undefined) {
      await removeAs("snapshot", snapshot.id, () => removeSnapshot(cinder, snapshot.id));
    }
  } catch (error) {
    if (!(error instanceof ResourceFailed)) throw error;
    replace(findings, { ...(findings[0] as Finding), state: "limited", detail: error.message });
  } finally {
    await removeAs("volume", volume.id, () => removeVolume(cinder, volume.id));
  }
  return { findings, left_behind };
}

async function make<T>(
  findings: Finding[],
  capability: string,
  client: ServiceClient,
  path: string,
  create: () => Promise<T>,
): Promise<T | undefined> {
  try {
    const made = await create();
    findings.push({ capability, state: "yes", how: "attempt", evidence: fine(client, "POST", path, 202) });
    return made;
  } catch (error) {
    if (!(error instanceof OpenStackError)) throw error;
    const state = error.status === 403 ? "no" : "unknown";
    findings.push({ capability, state, how: "attempt", evidence: evidenceOf(error) });
    return undefined;
  }
}

function replace(findings: Finding[], finding: Finding): void {
  const at = findings.findIndex(({ capability }) => capability === finding.capability);
  findings[at] = finding;
}

async function removeSnapshot(cinder: ServiceClient, id: string): Promise<void> {
  await waitForSnapshot(cinder, id, "available", { timeout_ms: WAIT_TIMEOUT_MS }).catch(ignoreFailed);
  await unlessMissing(deleteSnapshot(cinder, id));
  await waitForSnapshotGone(cinder, id, { timeout_ms: WAIT_TIMEOUT_MS });
}

async function removeVolume(cinder: ServiceClient, id: string): Promise<void> {
  await unlessMissing(deleteVolume(cinder, id));
  await waitForVolumeGone(cinder, id, { timeout_ms: WAIT_TIMEOUT_MS });
}

/** A snapshot in error can be deleted, too. */
function ignoreFailed(error: unknown): void {
  if (!(error instanceof ResourceFailed)) throw error;
}
