import type { Degraded } from "../negotiation/degraded.ts";
import { negotiate } from "../negotiation/negotiate.ts";
import { collect, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";
import { getVolume } from "./volumes.ts";

/** Who holds a volume, or is about to. */
export interface VolumeHolder {
  attachment_id: string;
  /** The server's id; null where a host holds it for itself. */
  server_id: string | null;
  /** `reserved`, `attaching`, `attached`, `detached` */
  status: string;
}

interface AttachmentRow {
  id: string;
  instance: string | null;
  status: string;
}

/** @throws OpenStackError 404 no such volume, on an older site */
export async function listVolumeHolders(
  cinder: ServiceClient,
  volume_id: string,
): Promise<{ holders: VolumeHolder[]; degraded: readonly Degraded[] }> {
  const { microversion, ways, degraded } = negotiate(cinder, "read_volume.attachments");
  if (ways["read_volume.attachments"] === "inside") {
    const { attachments } = await getVolume(cinder, volume_id);
    const holders = attachments.map(({ attachment_id, server_id }) => ({
      attachment_id,
      server_id,
      status: "attached",
    }));
    return { holders, degraded };
  }
  const source = { path: "/attachments/detail", key: "attachments", query: { volume_id }, microversion };
  const rows = await collect(listPages<AttachmentRow>(cinder, source));
  const holders = rows.map(({ id, instance, status }) => ({
    attachment_id: id,
    server_id: instance,
    status,
  }));
  return { holders, degraded };
}
