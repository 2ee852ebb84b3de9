import { Refusal } from "../http/refusal.ts";
import type { Disk, GuestStatus } from "../options.ts";
import type { Site } from "../site.ts";

/** Every disk with its hash. Guests pause while theirs is read. */
export async function listDisks(site: Site): Promise<Disk[]> {
  const found: Disk[] = [];
  const { disks, state } = site;
  for (const server of state.servers.values()) {
    if (!server.has_root_disk || server.vm_state === "deleted") continue;
    found.push(
      ...(await describe(site, {
        kind: "root",
        id: server.id,
        server_id: server.id,
        path: disks.root(server.id),
      })),
    );
  }
  for (const volume of state.volumes.values()) {
    const server_id = volume.attachments[0]?.server_id;
    const owner = server_id === undefined ? {} : { server_id };
    found.push(
      ...(await describe(site, { kind: "volume", id: volume.id, path: disks.volume(volume.id), ...owner })),
    );
  }
  for (const image of state.images.values()) {
    found.push(...(await describe(site, { kind: "image", id: image.id, path: disks.image(image.id) })));
  }
  return found;
}

export async function listGuests(site: Site): Promise<GuestStatus[]> {
  const alive = [...site.state.servers.values()].filter((server) => server.vm_state !== "deleted");
  return await Promise.all(alive.map((server) => site.guests.status(server)));
}

export async function showGuest(site: Site, server_id: string): Promise<GuestStatus> {
  const server = site.state.servers.get(server_id);
  if (server === undefined || server.vm_state === "deleted") {
    throw new Refusal(404, `No server ${server_id} at this site.`);
  }
  return await site.guests.status(server);
}

async function describe(site: Site, disk: Pick<Disk, "kind" | "id" | "path" | "server_id">): Promise<Disk[]> {
  return await site.guests.whileFrozen(disk.server_id, async () => {
    if (!(await site.disks.exists(disk.path))) return [];
    const server = disk.server_id === undefined ? undefined : site.state.servers.get(disk.server_id);
    const at_boot = server?.sha256_at_boot[disk.kind === "root" ? "root" : disk.id];
    return [
      {
        ...disk,
        size_bytes: await site.disks.sizeOf(disk.path),
        sha256: await site.guests.hash(disk.path),
        ...(at_boot === undefined ? {} : { sha256_at_boot: at_boot }),
      },
    ];
  });
}
