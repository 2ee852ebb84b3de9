import { isStatus, type ServiceClient, unlessMissing } from "@uniview/openstack";
import { startServer, stopServer } from "@uniview/openstack/compute/server-actions";
import { getServer, waitForServer } from "@uniview/openstack/compute/servers";
import type { MigrationOrders } from "../orders.ts";
import type { MigrationStep } from "./step.ts";

/** Guests may take long to shut down; the site cuts their power after its own time-out (Nova: 60 s by default). */
const STOP_TIMEOUT_MS = 15 * 60_000;

export function shutOffSource({ source }: MigrationOrders): MigrationStep {
  return {
    name: "shut-off-source",
    side: "source",
    title: `Shut off ${source.server_name} at ${source.site}`,
    async do(hands, state, { signal }) {
      const nova = await hands.at("source", "compute");
      const stopped_at = new Date().toISOString();
      await stopServer(nova, source.server_id).catch((error: unknown) => {
        if (!isStatus(error, 409)) throw error; // off already, or on its way
      });
      await waitForServer(nova, source.server_id, "SHUTOFF", { timeout_ms: STOP_TIMEOUT_MS, signal });
      hands.refresh("source");
      return { ...state, stopped_at };
    },
    async undo(hands) {
      const nova = await hands.at("source", "compute");
      await wake(nova, source.server_id);
      hands.refresh("source");
    },
  };
}

/** Starts a server that is off or about to be; fine when it runs, or is gone. */
async function wake(nova: ServiceClient, id: string): Promise<void> {
  const server = await unlessMissing(getServer(nova, id));
  if (!server) return;
  const task = server["OS-EXT-STS:task_state"] ?? null;
  if (server.status === "ACTIVE" && task === null) return;
  if (task !== "powering-on") {
    // Whatever is under way (the stop that we asked for, an image whose making was broken off) has to end first.
    await waitForServer(nova, id, "SHUTOFF", { timeout_ms: STOP_TIMEOUT_MS });
    await startServer(nova, id);
  }
  await waitForServer(nova, id, "ACTIVE");
}
