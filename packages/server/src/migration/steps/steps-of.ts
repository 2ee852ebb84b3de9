import type { DiskOrder, MigrationOrders, PortOrder } from "../orders.ts";
import { cleanUp } from "./clean-up.ts";
import { lockSource } from "./lock-source.ts";
import { copyVolume, imageRootDisk, imageVolume, snapshotVolume } from "./source-images.ts";
import { shutOffSource } from "./source-power.ts";
import type { LastMigrationStep, MigrationStep } from "./step.ts";
import { createSecurityGroups, importPublicKey } from "./target-access.ts";
import { assignTargetFloatingIp, createTargetPort } from "./target-ports.ts";
import { createTargetServer, shutOffTarget } from "./target-server.ts";
import { createTargetVolume } from "./target-volumes.ts";
import { transferDisk } from "./transfer.ts";

/**
 * The steps of a migration in their order, up to its point of no return: they follow from the orders alone, so that people
 * see them before they start.
 */
export function stepsOf(orders: MigrationOrders): MigrationStep[] {
  const stops = orders.source.was_active && !orders.keep_source_running;
  const makes_groups = orders.security_groups.length > 0;
  return [
    ...(stops ? [shutOffSource(orders)] : []),
    ...orders.disks.flatMap((disk) => stepsOfDisk(orders, disk)),
    ...(makes_groups ? [createSecurityGroups(orders)] : []),
    ...(orders.keypair?.public_key ? [importPublicKey(orders)] : []),
    ...orders.ports.flatMap((port) => stepsOfPort(orders, port)),
    createTargetServer(orders),
    ...(orders.source.was_active ? [] : [shutOffTarget(orders)]),
  ];
}

/** What is left to do once the copy runs, and may be serving users. */
export function lastStepsOf(orders: MigrationOrders): LastMigrationStep[] {
  return [...(orders.keep_source_running ? [] : [lockSource(orders)]), cleanUp(orders)];
}

function stepsOfDisk(orders: MigrationOrders, disk: DiskOrder): MigrationStep[] {
  if (disk.source_volume_id === null) return [imageRootDisk(orders, disk), transferDisk(orders, disk)];
  return [
    snapshotVolume(orders, disk, disk.source_volume_id),
    copyVolume(orders, disk),
    imageVolume(orders, disk),
    transferDisk(orders, disk),
    createTargetVolume(orders, disk),
  ];
}

function stepsOfPort(orders: MigrationOrders, port: PortOrder): MigrationStep[] {
  const { floating_network_id } = port;
  return [
    createTargetPort(orders, port),
    ...(floating_network_id ? [assignTargetFloatingIp(orders, port, floating_network_id)] : []),
  ];
}
