import { OpenStackError } from "../errors/openstack-error.ts";
import type { Image } from "../image/images.ts";
import type { ServiceClient } from "../service/service-client.ts";
import { attempt, refusedBy } from "./attempt.ts";
import { findHypervisor } from "./find-hypervisor.ts";
import { evidenceOf, type Finding, fine } from "./finding.ts";
import { look } from "./look.ts";
import type { ProbedSite } from "./probed-site.ts";

/** Images that are looked at; more would tell the same. */
const IMAGES_READ = 200;

/** What a role may do with images, and what the images that are there tell of the hypervisor. */
export async function probeImage({ client }: ProbedSite): Promise<Finding[]> {
  const glance = await client("image");
  const images = await glance.get<Image[]>("/images", {
    query: { limit: IMAGES_READ, status: "active" },
    unwrap: "images",
  });
  const evidence = fine(glance, "GET", "/images", 200);
  const [smallest] = images
    .filter(({ size }) => (size ?? 0) > 1)
    .sort((a, b) => (a.size ?? 0) - (b.size ?? 0));
  const any = images[0];
  return [
    ...(any === undefined ? [] : [await createImage(glance, any.id)]),
    ...(smallest === undefined ? [] : await download(glance, smallest.id)),
    await look<{ value: string[] }>({
      capability: "image.import",
      how: "document",
      client: glance,
      path: "/info/import",
      unwrap: "import-methods",
      judge: ({ value }) => ({
        state: value.length > 0 ? "yes" : "no",
        detail: value.toSorted().join(", "),
      }),
    }),
    findHypervisor(images, evidence),
  ];
}

/** With the id of an image that is there: Glance asks its policy, then finds the id taken. */
function createImage(client: ServiceClient, id: string): Promise<Finding> {
  return attempt({
    capability: "image.create",
    client,
    path: "/images",
    body: { id, container_format: "bare", disk_format: "raw" },
    past: refusedBy(409, /exists/i),
    // Deleting by this id would delete the image that was there.
    takeBack: async () => {},
  });
}

/** Asks for one byte, and reads none of what comes. */
async function download(glance: ServiceClient, id: string): Promise<Finding[]> {
  const path = `/images/${id}/file`;
  const found = (capability: string, state: Finding["state"], evidence: Finding["evidence"]): Finding => ({
    capability,
    state,
    how: "attempt",
    ...(evidence ? { evidence } : {}),
  });
  const both = (whole: Finding["state"], part: Finding["state"], evidence: Finding["evidence"]) => [
    found("image.download", whole, evidence),
    found("image.download_part", part, evidence),
  ];
  try {
    const answer = await glance.stream(path, { headers: { range: "bytes=1-1" } });
    answer.body.on("error", () => {}).destroy();
    return both("yes", answer.status === 206 ? "yes" : "no", fine(glance, "GET", path, answer.status));
  } catch (error) {
    if (!(error instanceof OpenStackError)) throw error;
    const evidence = evidenceOf(error);
    if (error.status === 403) return both("no", "unknown", evidence);
    // Glance on Ceph does not read from the middle: 400, after the policy.
    if ([400, 416, 501].includes(error.status)) return both("yes", "no", evidence);
    return both("unknown", "unknown", evidence);
  }
}
