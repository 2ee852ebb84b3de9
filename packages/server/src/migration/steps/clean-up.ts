import { addImageTag, updateImage } from "@uniview/openstack/image/images";
import type { StepContext } from "@uniview/workflow";
import type { MigrationOrders } from "../orders.ts";
import { removeImages, removeSnapshots, removeVolumes } from "./leftovers.ts";
import { findFloatingIps, findPorts, findSecurityGroups, turnMarkIntoTag } from "./marked.ts";
import { type Hands, known, type LastMigrationStep, type MigrationState, markOfStep } from "./step.ts";

/**
 * Removes what only the way needed, at both sites, and takes the marks off what stays. The copy runs by now: what
 * cannot be removed is named in the result rather than making the migration fail.
 */
export function cleanUp(orders: MigrationOrders): LastMigrationStep {
  return {
    name: "clean-up",
    side: "source",
    title: "Remove what only the migration needed",
    async do(hands, state, context) {
      const left: string[] = [];
      for (const [what, remove] of removals(orders, hands, state, context)) {
        await remove().catch((error: unknown) => {
          if (!(error instanceof Error) || mayPass(error)) throw error;
          left.push(`Left behind: ${what} (${error.message})`);
          context.log(`${what} could not be removed: ${error.message}`);
        });
      }
      hands.refresh("source");
      hands.refresh("target");
      return { ...state, degraded: [...(state.degraded ?? []), ...left] };
    },
  };
}

/** Worth waiting for: the site does not answer, or does not want to just now. */
function mayPass(error: Error): boolean {
  return "retryable" in error && error.retryable === true;
}

type Removal = readonly [what: string, remove: () => Promise<void>];

function removals(
  orders: MigrationOrders,
  hands: Hands,
  state: MigrationState,
  context: StepContext,
): Removal[] {
  const { source, target } = orders;
  const markAt = (step: string) => markOfStep(context, step);
  const ofDisks = orders.disks.flatMap(({ index, kind }): Removal[] => {
    const transfer = markAt(`transfer-disk-${index}`);
    const ofBoth: Removal[] = [
      [
        `the image of disk ${index} at ${source.site}`,
        async () => removeImages(await hands.at("source", "image"), markAt(`image-disk-${index}`)),
      ],
      [`the mover's copy of disk ${index}`, () => hands.transfers.drop(transfer)],
    ];
    if (kind === "image")
      return [
        ...ofBoth,
        [
          `the mark of the copy's image at ${target.site}`,
          () => nameImage(orders, hands, state, index, transfer),
        ],
      ];
    return [
      ...ofBoth,
      [
        `the copy of disk ${index} at ${source.site}`,
        async () => removeVolumes(await hands.at("source", "block-storage"), markAt(`copy-disk-${index}`)),
      ],
      [
        `the snapshot of disk ${index} at ${source.site}`,
        async () =>
          removeSnapshots(await hands.at("source", "block-storage"), markAt(`snapshot-disk-${index}`)),
      ],
      [
        `the image of disk ${index} at ${target.site}`,
        async () => removeImages(await hands.at("target", "image"), transfer),
      ],
    ];
  });
  return [...ofDisks, [`the marks at ${target.site}`, () => turnMarksIntoTags(orders, hands, markAt)]];
}

/** The image that a copy with a local root disk was booted from stays, because the site needs it to rebuild the server. */
async function nameImage(
  { source, target }: MigrationOrders,
  hands: Hands,
  { moved }: MigrationState,
  index: number,
  mark: string,
): Promise<void> {
  const glance = await hands.at("target", "image");
  const { target_image_id } = known(moved?.[index], "image");
  await addImageTag(glance, target_image_id, mark);
  await updateImage(glance, target_image_id, { name: `${target.name} (migrated from ${source.site})` });
}

/** Descriptions held the marks: now they say again what they said at the source. */
async function turnMarksIntoTags(
  { ports, security_groups, source }: MigrationOrders,
  hands: Hands,
  markAt: (step: string) => string,
): Promise<void> {
  const neutron = await hands.at("target", "network");
  for (const { index, description } of ports) {
    const [port, floating] = [markAt(`port-${index}`), markAt(`floating-ip-${index}`)];
    for (const { id } of await findPorts(neutron, port))
      await turnMarkIntoTag(neutron, "ports", id, port, description);
    for (const { id } of await findFloatingIps(neutron, floating))
      await turnMarkIntoTag(neutron, "floatingips", id, floating, "");
  }
  const mark = markAt("security-groups");
  for (const { id, name } of await findSecurityGroups(neutron, mark)) {
    const description =
      security_groups.find((group) => group.name === name)?.description || `As at ${source.site}`;
    await turnMarkIntoTag(neutron, "security-groups", id, mark, description);
  }
}
