import { randomUUID } from "node:crypto";
import type { VolumeZone } from "../block-storage/availability-zones.ts";
import type { Volume } from "../block-storage/volumes.ts";
import type { ServiceClient } from "../service/service-client.ts";
import { type Attempt, attempt, idIn, refusedBy } from "./attempt.ts";
import type { Finding } from "./finding.ts";
import { look } from "./look.ts";
import { PROBE_PREFIX, type ProbedSite } from "./probed-site.ts";
import { zonesFound } from "./zones-found.ts";

/** Volumes among which one that is in use is looked for. */
const VOLUMES_READ = 100;

/**
 * What a role may do with volumes. Cinder looks a volume up before it asks its policy, so a made-up one tells nothing:
 * volumes of the project are named, with a wish that their state or size refuses.
 */
export async function probeBlockStorage({ client }: ProbedSite): Promise<Finding[]> {
  const cinder = await client("block-storage");
  const glance = () => client("image");
  const volumes = await cinder.get<Volume[]>("/volumes/detail", {
    query: { limit: VOLUMES_READ },
    unwrap: "volumes",
  });
  const in_use = volumes.filter(({ status, attachments }) => status === "in-use" && attachments.length > 0);
  // Cinder copies the key of an encrypted volume before it looks at the state.
  const plain = in_use.find(({ encrypted }) => !encrypted);
  const settled = volumes.find(({ status }) => status === "available" || status === "in-use");
  return await Promise.all([
    attempt(createVolumeFromImage(cinder)),
    ...only(in_use[0], (volume) => attempt(createSnapshot(cinder, volume))),
    ...only(plain, (volume) => attempt(uploadImage(cinder, glance, volume))),
    ...only(settled, (volume) => attempt(extendVolume(cinder, volume))),
    look<VolumeZone[]>({
      capability: "block-storage.availability_zones",
      how: "list",
      client: cinder,
      path: "/os-availability-zone",
      unwrap: "availabilityZoneInfo",
      judge: zonesFound,
    }),
  ]);
}

/** The image is looked up right after the policy. */
function createVolumeFromImage(client: ServiceClient): Attempt {
  return {
    capability: "block-storage.create_volume_from_image",
    client,
    path: "/volumes",
    body: { volume: { name: PROBE_PREFIX, size: 1, imageRef: randomUUID() } },
    past: ({ status, reason }) => (status === 404 || status === 400) && /image/i.test(reason),
    takeBack: (answer) => client.delete(`/volumes/${idIn(answer, "volume")}`),
  };
}

/** A volume in use is snapshotted by force only, in the oldest behaviour; the policy is asked first. */
function createSnapshot(client: ServiceClient, { id }: Volume): Attempt {
  return {
    capability: "block-storage.create_snapshot",
    client,
    path: "/snapshots",
    body: { snapshot: { volume_id: id, name: PROBE_PREFIX } },
    past: refusedBy(400, /status must be/i),
    takeBack: (answer) => client.delete(`/snapshots/${idIn(answer, "snapshot")}`),
  };
}

/** The same holds for images of volumes. */
function uploadImage(client: ServiceClient, glance: () => Promise<ServiceClient>, { id }: Volume): Attempt {
  const action = "os-volume_upload_image";
  return {
    capability: "block-storage.upload_image",
    client,
    path: `/volumes/${id}/action`,
    body: { [action]: { image_name: PROBE_PREFIX, disk_format: "raw", container_format: "bare" } },
    past: refusedBy(400, /status must be/i),
    takeBack: async ({ body }) => {
      const made = body as { [action]?: { image_id?: string } } | undefined;
      const image_id = made?.[action]?.image_id;
      if (image_id !== undefined) await (await glance()).delete(`/images/${image_id}`);
    },
  };
}

/** To the size that it has: Cinder wants it to grow. */
function extendVolume(client: ServiceClient, { id, size }: Volume): Attempt {
  return {
    capability: "block-storage.extend_volume",
    client,
    path: `/volumes/${id}/action`,
    body: { "os-extend": { new_size: size } },
    past: refusedBy(400, /must be greater/i),
    takeBack: async () => {},
  };
}

function only<T>(value: T | undefined, then: (value: T) => Promise<Finding>): Promise<Finding>[] {
  return value === undefined ? [] : [then(value)];
}
