import { removeVolume } from "../block-storage/volume-routes.ts";
import { removePort } from "../network/port-routes.ts";
import type { Site } from "../site.ts";
import { detachFromServer } from "./attach-volume.ts";
import { portsOf } from "./server-view.ts";
import type { Server } from "./state.ts";

/** Takes the server apart in the background; its row stays, DELETED, for those who ask with `changes-since`. */
export function deleteServer(site: Site, server: Server): void {
  if (server.task_state === "deleting") return;
  server.task_state = "deleting";
  server.updated = site.now();
  site.background(async () => {
    await site.transition();
    await site.guests.stop(server.id);
    for (const port of portsOf(site, server)) {
      if (server.given_ports.includes(port.id))
        Object.assign(port, { device_id: "", device_owner: "", status: "DOWN" });
      else removePort(site, port);
    }
    for (const { volume_id, delete_on_termination } of [...server.attachments]) {
      await detachFromServer(site, server, volume_id);
      const volume = site.state.volumes.get(volume_id);
      if (delete_on_termination && volume !== undefined) removeVolume(site, volume);
    }
    if (server.has_root_disk) await site.disks.remove(site.disks.root(server.id));
    Object.assign(server, {
      vm_state: "deleted",
      task_state: null,
      power_state: 0,
      has_root_disk: false,
      terminated_at: site.nowNaive(),
      updated: site.now(),
    });
  });
}
