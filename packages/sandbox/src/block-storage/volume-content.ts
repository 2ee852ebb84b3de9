import type { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import { empty, type Reply } from "../http/reply.ts";
import type { Call } from "../http/route.ts";
import { findImage } from "../image/find-image.ts";
import type { Volume } from "./state.ts";

/** `revert`, since 3.40: only to the latest snapshot, and only while nobody holds the volume. */
export function revert(call: Call, volume: Volume, given: Fields): Reply {
  const { site } = call;
  const snapshot_id = given.needText("snapshot_id");
  const [latest] = [...site.state.snapshots.values()]
    .filter((snapshot) => snapshot.volume_id === volume.id)
    .sort((a, b) => b.created_at.localeCompare(a.created_at));
  if (!site.state.snapshots.has(snapshot_id))
    throw new Refusal(404, `Snapshot ${snapshot_id} could not be found.`);
  if (latest?.id !== snapshot_id) {
    throw new Refusal(
      400,
      `Invalid input received: Specified snapshot_id ${snapshot_id} isn't the latest snapshot of volume ${volume.id}.`,
    );
  }
  rewrite(call, volume, "reverting", () =>
    site.disks.copy(site.disks.snapshot(snapshot_id), site.disks.volume(volume.id), volume.size),
  );
  return empty(202);
}

/** `os-reimage`, since 3.68. */
export function reimage(call: Call, volume: Volume, given: Fields): Reply {
  const { site } = call;
  const image = findImage(site, call.caller, given.needText("image_id"));
  if (image.min_disk > volume.size) {
    throw new Refusal(
      400,
      `Invalid input received: Volume size ${volume.size}GB cannot be smaller than the image minDisk size ${image.min_disk}GB.`,
    );
  }
  rewrite(call, volume, "downloading", () =>
    site.disks.decode(
      site.disks.image(image.id),
      image.disk_format,
      site.disks.volume(volume.id),
      volume.size,
    ),
  );
  return empty(202);
}

function rewrite({ site }: Call, volume: Volume, status: string, work: () => Promise<void>): void {
  if (volume.status !== "available") {
    throw new Refusal(
      400,
      `Invalid volume: Volume ${volume.id} status must be available, but current status is: ${volume.status}.`,
    );
  }
  volume.status = status;
  site.background(async () => {
    await site.transition();
    try {
      await work();
      volume.status = "available";
    } catch {
      volume.status = "error";
    }
    volume.updated_at = site.nowNaive();
  });
}
