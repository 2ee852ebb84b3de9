import type { VolumeZone } from "../block-storage/availability-zones.ts";
import { getBlockStorageLimits } from "../block-storage/limits.ts";
import type { Volume } from "../block-storage/volumes.ts";
import { isStatus, OpenStackError } from "../errors/openstack-error.ts";
import { SiteUnreachable } from "../errors/site-unreachable.ts";
import type { Image } from "../image/images.ts";
import type { ServiceClient } from "../service/service-client.ts";
import { type Attempt, attempt, idIn, refusedBy } from "./attempt.ts";
import type { Finding } from "./finding.ts";
import { look } from "./look.ts";
import { PROBE_PREFIX, type ProbedSite } from "./probed-site.ts";
import { zonesFound } from "./zones-found.ts";

/** Volumes among which one that is in use is looked for. */
const VOLUMES_READ = 100;
/** Images among which one with bytes is looked for. */
const IMAGES_READ = 50;

/**
 * What a role may do with volumes. Cinder looks a volume up before it asks its policy, so a made-up one tells nothing:
 * volumes of the project are named, with a wish that their state or size refuses.
 */
export async function probeBlockStorage({ client, token }: ProbedSite): Promise<Finding[]> {
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
  // For an encrypted volume Cinder makes the key before it asks the quota, and would leave it.
  const has_keys =
    token.catalog.some(({ type }) => type === "key-manager") || volumes.some(({ encrypted }) => encrypted);
  const too_big_gb = has_keys ? undefined : await moreThanAllowed(cinder);
  const image_id = await anyImage(glance);
  return await Promise.all([
    ...only(too_big_gb, (size) => attempt(createVolume(cinder, "create_volume", { size }))),
    ...only(too_big_gb === undefined ? undefined : image_id, (imageRef) =>
      attempt(createVolume(cinder, "create_volume_from_image", { size: too_big_gb, imageRef })),
    ),
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

/** Bigger than all volumes together may be: the quota is asked after the policy, and before anything is made. */
function createVolume(
  client: ServiceClient,
  what: "create_volume" | "create_volume_from_image",
  volume: { readonly size: number | undefined; readonly imageRef?: string },
): Attempt {
  return {
    capability: `block-storage.${what}`,
    client,
    path: "/volumes",
    body: { volume: { name: PROBE_PREFIX, ...volume } },
    past: refusedBy(413, /exceed/i),
    takeBack: (answer) => client.delete(`/volumes/${idIn(answer, "volume")}`),
  };
}

/** One GiB above the project's quota; undefined where there is none, or it is not told. */
async function moreThanAllowed(cinder: ServiceClient): Promise<number | undefined> {
  try {
    const { maxTotalVolumeGigabytes: most } = await getBlockStorageLimits(cinder);
    return most >= 0 ? most + 1 : undefined;
  } catch (error) {
    if (isStatus(error, 403, 404)) return undefined;
    throw error;
  }
}

/** Cinder looks the image up before it asks its policy, so it has to be there. What ails Glance is told by its own probe. */
async function anyImage(glance: () => Promise<ServiceClient>): Promise<string | undefined> {
  const query = { limit: IMAGES_READ, status: "active" };
  try {
    const images = await (await glance()).get<Image[]>("/images", { query, unwrap: "images" });
    return images.find(({ size }) => (size ?? 0) > 0)?.id;
  } catch (error) {
    if (error instanceof OpenStackError || error instanceof SiteUnreachable) return undefined;
    throw error;
  }
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
