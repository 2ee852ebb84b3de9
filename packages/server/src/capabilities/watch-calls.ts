import type { Finding, RequestRecord } from "@uniview/openstack";
import type { Logger } from "pino";
import type { SiteService } from "../sites/service.ts";
import { imagedServer, learnFromCall } from "./learn-from-call.ts";
import type { ProjectProbe } from "./probe-project.ts";
import type { CapabilityStore } from "./store.ts";

/** The same news of a project and capability is written once in this time. */
const REPEAT_MS = 60 * 60_000;
/** Then the oldest are forgotten: it only saves writing. */
const MAX_REMEMBERED = 10_000;

interface Deps {
  readonly sites: SiteService;
  readonly probe: ProjectProbe;
  readonly store: CapabilityStore;
  readonly log: Logger;
}

/** Learns from what jobs and people meet at sites. @returns ends it, once what was learned is written */
export function watchCalls({ sites, probe, store, log }: Deps): () => Promise<void> {
  const told = new Map<string, number>();
  let last: Promise<void> = Promise.resolve();

  const note = (id: string, finding: Finding) => {
    const news = `${id} ${finding.capability} ${finding.state}`;
    const now = Date.now();
    if (now - (told.get(news) ?? 0) < REPEAT_MS) return;
    if (told.size >= MAX_REMEMBERED) told.clear();
    told.set(news, now);
    // what contradicts it is news again
    told.delete(`${id} ${finding.capability} ${finding.state === "yes" ? "no" : "yes"}`);
    write(async () => void (await store.note(id, finding, new Date(now).toISOString())));
  };
  const write = (work: () => Promise<void>) => {
    last = last
      .then(work)
      .catch((error: unknown) => log.warn({ err: error }, "what a call told was not kept"));
  };

  const stop = sites.onCalled((id: string, record: RequestRecord) => {
    if (probe.isAt(id)) return;
    const finding = learnFromCall(record);
    if (finding === undefined) return;
    note(id, finding);
    const server_id = imagedServer(record);
    if (server_id === undefined) return;
    write(async () => {
      if (await store.bootsFromVolume(id, server_id)) {
        note(id, { ...finding, capability: "compute.create_image_volume_backed" });
      }
    });
  });
  return async () => {
    stop();
    await last;
  };
}
