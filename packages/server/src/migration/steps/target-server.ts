import { isStatus, sayDegraded } from "@uniview/openstack";
import { type BlockDevice, type CreatedServer, createServer } from "@uniview/openstack/compute/create-server";
import { stopServer } from "@uniview/openstack/compute/server-actions";
import { findServersByMetadata, removeServer, waitForServer } from "@uniview/openstack/compute/servers";
import { noUndo } from "@uniview/workflow";
import type { MigrationOrders } from "../orders.ts";
import { known, MARK, type MigrationState, type MigrationStep, markOf } from "./step.ts";

const BOOT_TIMEOUT_MS = 30 * 60_000;

export const CREATE_SERVER = "create-server";

/** The copy itself: built of what the steps before have made, and waited for until it runs. */
export function createTargetServer(orders: MigrationOrders): MigrationStep {
  const { target } = orders;
  return {
    name: CREATE_SERVER,
    side: "target",
    title: `Boot ${target.name} at ${target.site}`,
    async do(hands, state, context) {
      const nova = await hands.at("target", "compute");
      const mark = markOf(context);
      const [found] = await findServersByMetadata(nova, MARK, mark);
      const made: Pick<CreatedServer, "id"> & Partial<CreatedServer> =
        found ?? (await createServer(nova, serverOf(orders, state, mark)));
      hands.refresh("target");
      await waitForServer(nova, made.id, "ACTIVE", { timeout_ms: BOOT_TIMEOUT_MS, signal: context.signal });
      hands.refresh("target");
      const notes = (made.degraded ?? []).map((note) => sayDegraded(note, target.site));
      return {
        ...state,
        server_id: made.id,
        active_at: new Date().toISOString(),
        degraded: [...(state.degraded ?? []), ...notes],
      };
    },
    async undo(hands, context) {
      const nova = await hands.at("target", "compute");
      for (const { id } of await findServersByMetadata(nova, MARK, markOf(context)))
        await removeServer(nova, id);
      hands.refresh("target");
    },
  };
}

function serverOf(
  orders: MigrationOrders,
  state: MigrationState,
  mark: string,
): Parameters<typeof createServer>[1] {
  const root = orders.disks.find(({ kind }) => kind === "image");
  const imageRef = root && known(state.moved?.[root.index], "image of the root disk").target_image_id;
  return {
    name: orders.target.name,
    flavorRef: orders.target_flavor_id,
    networks:
      orders.ports.length === 0
        ? "none"
        : orders.ports.map(({ index }) => ({ port: known(state.port_ids?.[index], "port") })),
    block_device_mapping_v2: blockDevices(orders, state, imageRef),
    metadata: { ...orders.metadata, [MARK]: mark },
    ...(imageRef === undefined ? {} : { imageRef }),
    ...(orders.keypair ? { key_name: orders.keypair.name } : {}),
    ...(orders.config_drive ? { config_drive: true } : {}),
    ...(orders.hostname ? { hostname: orders.hostname } : {}),
    ...(orders.description ? { description: orders.description } : {}),
    ...(orders.tags.length > 0 ? { tags: orders.tags } : {}),
  };
}

/** Boot order by `boot_index`, never by device name. */
function blockDevices(
  { disks }: MigrationOrders,
  { volume_ids }: MigrationState,
  image_id: string | undefined,
): BlockDevice[] {
  return disks.map((disk): BlockDevice => {
    if (disk.kind === "image") {
      return {
        boot_index: 0,
        uuid: known(image_id, "image"),
        source_type: "image",
        destination_type: "local",
        delete_on_termination: true,
      };
    }
    return {
      boot_index: disk.boots ? 0 : -1,
      uuid: known(volume_ids?.[disk.index], "volume"),
      source_type: "volume",
      destination_type: "volume",
      delete_on_termination: disk.delete_on_termination,
    };
  });
}

/** A source that was off stays off on the target too; Nova cannot build a server without starting it. */
export function shutOffTarget({ target }: MigrationOrders): MigrationStep {
  return {
    name: "shut-off-target",
    side: "target",
    title: `Shut off ${target.name} at ${target.site}, as the source was`,
    async do(hands, state, { signal }) {
      const nova = await hands.at("target", "compute");
      const id = known(state.server_id, "server at the target");
      await stopServer(nova, id).catch((error: unknown) => {
        if (!isStatus(error, 409)) throw error; // off already
      });
      await waitForServer(nova, id, "SHUTOFF", { signal });
      hands.refresh("target");
      return state;
    },
    undo: noUndo("the undo of its making deletes the server"),
  };
}
