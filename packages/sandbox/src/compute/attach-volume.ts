import type { Volume } from "../block-storage/state.ts";
import type { Site } from "../site.ts";
import type { Server, VolumeAttachment } from "./state.ts";

/** Makes both sides know: Nova's mapping and Cinder's attachment. */
export function attachToServer(
  site: Site,
  server: Server,
  volume: Volume,
  how: Pick<VolumeAttachment, "device" | "boot_index" | "delete_on_termination" | "tag">,
): VolumeAttachment {
  const attachment = { ...how, attachment_id: site.newId(), bdm_uuid: site.newId(), volume_id: volume.id };
  server.attachments.push(attachment);
  volume.attachments.push({
    attachment_id: attachment.attachment_id,
    server_id: server.id,
    device: how.device,
    attached_at: site.nowNaive(),
  });
  volume.status = "in-use";
  volume.updated_at = site.nowNaive();
  return attachment;
}

/** The guest writes its last before this returns. */
export async function detachFromServer(site: Site, server: Server, volume_id: string): Promise<void> {
  await site.guests.whileFrozen(server.id, async () => {
    server.attachments = server.attachments.filter((attachment) => attachment.volume_id !== volume_id);
  });
  const volume = site.state.volumes.get(volume_id);
  if (volume === undefined) return;
  volume.attachments = volume.attachments.filter((attachment) => attachment.server_id !== server.id);
  volume.status = volume.attachments.length > 0 ? "in-use" : "available";
  volume.updated_at = site.nowNaive();
}

/** The first free `/dev/vd?`; `vda` is the root disk's. */
export function nextDevice(server: Server): string {
  const taken = new Set(server.attachments.map((attachment) => attachment.device));
  for (const letter of "bcdefghijklmnopqrstuvwxyz") {
    if (!taken.has(`/dev/vd${letter}`)) return `/dev/vd${letter}`;
  }
  throw new Error(`server ${server.id} has no free device name`);
}
