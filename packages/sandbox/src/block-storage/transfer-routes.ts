import { randomBytes } from "node:crypto";
import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { bodyObject, type Call, param, type Route, route } from "../http/route.ts";
import { put } from "../state.ts";
import { findVolume } from "./find-volume.ts";
import { checkVolumeQuota } from "./quotas.ts";
import type { Transfer } from "./state.ts";

/** The first path hands over the volume alone; that of 3.55 its snapshots, too. */
export const TRANSFER_ROUTES: Route[] = [
  ...routesAt("/os-volume-transfer", false),
  ...routesAt("/volume-transfers", true),
];

function routesAt(path: string, with_snapshots: boolean): Route[] {
  const options = with_snapshots ? { since: "3.55" } : {};
  return [
    route("POST", path, (call) => offer(call, with_snapshots), {
      ...options,
      policy: "volume:create_transfer",
    }),
    route("GET", `${path}/{transfer_id}`, (call) => json({ transfer: view(find(call)) }), options),
    route("POST", `${path}/{transfer_id}/accept`, accept, { ...options, policy: "volume:accept_transfer" }),
    route("DELETE", `${path}/{transfer_id}`, withdraw, { ...options, policy: "volume:delete_transfer" }),
  ];
}

async function offer(call: Call, with_snapshots: boolean): Promise<Reply> {
  const { site, caller } = call;
  const given = await bodyObject(call, "transfer");
  const volume = findVolume(call, given.needText("volume_id"));
  if (volume.status !== "available") throw new Refusal(400, "Invalid volume: status must be available");
  if (volume.encryption_key_id !== undefined && !call.version.atLeast("3.70"))
    throw new Refusal(400, "Invalid volume: transferring encrypted volume is not supported");
  volume.status = "awaiting-transfer";
  const transfer = put(site.state.transfers, {
    id: site.newId(),
    name: given.text("name") ?? null,
    volume_id: volume.id,
    project_id: caller.project_id,
    auth_key: randomBytes(8).toString("hex"),
    with_snapshots: with_snapshots && given.flag("no_snapshots") !== true,
    created_at: site.nowNaive(),
  });
  return json({ transfer: { ...view(transfer), auth_key: transfer.auth_key } }, 202);
}

async function accept(call: Call): Promise<Reply> {
  const { site, caller } = call;
  const transfer = find(call, true);
  const given = await bodyObject(call, "accept");
  if (given.text("auth_key") !== transfer.auth_key) {
    throw new Refusal(400, `Invalid auth key: Attempt to transfer ${transfer.id} with invalid auth key.`);
  }
  const volume = site.state.volumes.get(transfer.volume_id);
  if (volume === undefined) throw new Refusal(404, `Volume ${transfer.volume_id} could not be found.`);
  checkVolumeQuota(site, caller.project_id, { volumes: 1, gigabytes: volume.size });
  Object.assign(volume, {
    project_id: caller.project_id,
    user_id: caller.user_id,
    status: "available",
    updated_at: site.nowNaive(),
  });
  if (transfer.with_snapshots) {
    for (const snapshot of site.state.snapshots.values())
      if (snapshot.volume_id === volume.id) snapshot.project_id = caller.project_id;
  }
  site.state.transfers.delete(transfer.id);
  return json({ transfer: view(transfer) }, 202);
}

function withdraw(call: Call): Reply {
  const transfer = find(call);
  const volume = call.site.state.volumes.get(transfer.volume_id);
  if (volume?.status === "awaiting-transfer") volume.status = "available";
  call.site.state.transfers.delete(transfer.id);
  return empty(202);
}

/** Whoever takes a volume is of another project. */
function find(call: Call, of_anybody = false): Transfer {
  const id = param(call, "transfer_id");
  const transfer = call.site.state.transfers.get(id);
  if (transfer === undefined || (!of_anybody && transfer.project_id !== call.caller.project_id))
    throw new Refusal(404, `Transfer ${id} could not be found.`);
  return transfer;
}

function view({ id, name, volume_id, created_at }: Transfer): Record<string, unknown> {
  return { id, name, volume_id, created_at, links: [] };
}
