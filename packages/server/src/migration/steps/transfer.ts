import { Problem } from "@uniview/api";
import type { ServiceClient } from "@uniview/openstack";
import { authorizeImageData } from "@uniview/openstack/image/image-data";
import {
  createImage,
  deleteImage,
  getImage,
  type Image,
  waitForImage,
} from "@uniview/openstack/image/images";
import type { StepContext } from "@uniview/workflow";
import type { TransferOutcome } from "../../transfers/transfers.ts";
import type { DiskOrder, MigrationOrders } from "../orders.ts";
import { findImage, findImages, removeImages } from "./leftovers.ts";
import { adding, type Hands, known, type MigrationStep, type MovedDisk, markOf, type Side } from "./step.ts";

/** Moves one disk's image to the target, and believes it only when both sites' own checksums agree with what travelled. */
export function transferDisk(orders: MigrationOrders, disk: DiskOrder): MigrationStep {
  const { source, target } = orders;
  return {
    name: `transfer-disk-${disk.index}`,
    side: "target",
    title: `Move ${disk.label} from ${source.site} to ${target.site}`,
    async do(hands, state, context) {
      const [from, to] = [await hands.at("source", "image"), await hands.at("target", "image")];
      const image = await getImage(from, known(state.image_ids?.[disk.index], "image of the disk"));
      const copy = await emptyImage(to, image, orders, disk, markOf(context));
      const outcome = await moveBytes(hands, { from, to, image, copy }, context);
      const stored = await waitForImage(to, copy.id, { signal: context.signal });
      const moved = verify(image, stored, outcome, orders);
      return { ...state, moved: adding(state.moved, disk.index, moved) };
    },
    async undo(hands, context) {
      await hands.transfers.drop(markOf(context));
      await removeImages(await hands.at("target", "image"), markOf(context));
    },
  };
}

/** The image at the target that the bytes go into: the one that an earlier try has left, if it can still take them. */
async function emptyImage(
  glance: ServiceClient,
  source: Image,
  { image, target }: MigrationOrders,
  disk: DiskOrder,
  mark: string,
): Promise<Image> {
  const found = await findImage(glance, mark);
  if (found?.status === "queued" || found?.status === "active") return found;
  // `saving` without anybody who sends: Glance's own process died meanwhile, and this image will never be whole.
  for (const stale of await findImages(glance, mark)) await deleteImage(glance, stale.id);
  return createImage(glance, {
    name: mark,
    disk_format: diskFormatOf(source, target.site),
    container_format: "bare",
    visibility: "private",
    min_disk: disk.kind === "image" ? image.min_disk_gb : 0,
    min_ram: disk.kind === "image" ? image.min_ram_mb : 0,
    properties: disk.image_properties,
  });
}

function diskFormatOf(image: Image, site: string) {
  const { disk_format } = image;
  if (disk_format === "raw" || disk_format === "qcow2") return disk_format;
  throw new Problem(
    "transfer-failed",
    `The image of the disk is ${disk_format ?? "of no format"}, which ${site} could not boot from as it is.`,
    { site },
  );
}

interface Ends {
  readonly from: ServiceClient;
  readonly to: ServiceClient;
  readonly image: Image;
  readonly copy: Image;
}

async function moveBytes(
  { transfers, orders }: Hands,
  { from, to, image, copy }: Ends,
  context: StepContext,
): Promise<TransferOutcome> {
  const sites = { source: orders.source.site, target: orders.target.site };
  const authorize = (side: Side) =>
    side === "source" ? authorizeImageData(from, image.id) : authorizeImageData(to, copy.id);
  const [source, target] = [await authorize("source"), await authorize("target")];
  const complete = copy.status === "active";
  return transfers.run(
    {
      source: { url: source.url, headers: source.headers, ...trustOf(source) },
      target: complete
        ? null
        : {
            url: target.url,
            headers: { ...target.headers, "content-type": "application/octet-stream" },
            ...trustOf(target),
          },
      size_bytes: image.size,
    },
    {
      id: markOf(context),
      sites,
      signal: context.signal,
      on_progress: ({ bytes_sent, bytes_read, bytes_total, zero_bytes }) => {
        context.progress({
          bytes_done: complete ? bytes_read : bytes_sent,
          ...(bytes_total === null ? {} : { bytes_total }),
          ...(zero_bytes > 0 ? { note: `${zero_bytes} bytes of it are zeros` } : {}),
        });
      },
      renewHeaders: async (side) => (await authorize(side)).headers,
      lookAtTarget: async () => ((await getImage(to, copy.id)).status === "active" ? "complete" : "retry"),
    },
  );
}

function trustOf({ ca_pem }: { ca_pem?: string | undefined }): { ca_pem?: string } {
  return ca_pem === undefined ? {} : { ca_pem };
}

/**
 * Compares what travelled with what each site says of its own image: SHA-512 from Glance 2.7 (Rocky) on, else MD5.
 *
 * @throws Problem `verification-failed`
 */
export function verify(
  source: Image,
  target: Image,
  { checksums, bytes_total }: TransferOutcome,
  { source: from, target: to }: Pick<MigrationOrders, "source" | "target">,
): MovedDisk {
  const at_source = compare(source, checksums, from.site);
  const at_target = compare(target, checksums, to.site);
  if (target.size !== bytes_total) {
    throw new Problem(
      "verification-failed",
      `${to.site} stored ${target.size} bytes of the image, but ${bytes_total} were sent.`,
      { site: to.site },
    );
  }
  const verified = at_source && at_target ? "both-ends" : at_target ? "target" : "none";
  return { target_image_id: target.id, bytes: bytes_total, checksum: `sha512:${checksums.sha512}`, verified };
}

/** false: the site has no checksum that we know of. */
function compare(image: Image, checksums: TransferOutcome["checksums"], site: string): boolean {
  const [name, theirs, ours] =
    image.os_hash_algo === "sha512" || image.os_hash_algo === "sha256"
      ? [image.os_hash_algo, image.os_hash_value, checksums[image.os_hash_algo]]
      : ["md5", image.checksum, checksums.md5];
  if (!theirs) return false;
  if (theirs === ours) return true;
  throw new Problem(
    "verification-failed",
    `The image at ${site} has the ${name} ${theirs}, but what travelled has ${ours}.`,
    {
      site,
      remedy: "Migrate again; if it happens again, the site's image store or the way to it alters bytes.",
    },
  );
}
