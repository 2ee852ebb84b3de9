import { enforcePolicy } from "../faults/policy.ts";
import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { bodyObject, type Call, type Route, route } from "../http/route.ts";
import { findSnapshot, findVolume } from "./find-volume.ts";
import { listPage, matchesQuery } from "./list-page.ts";
import { makeSnapshot } from "./make-snapshot.ts";
import { viewSnapshot } from "./views.ts";

export const SNAPSHOT_ROUTES: Route[] = [
  route("GET", "/snapshots", (call) => listSnapshots(call, false)),
  route("GET", "/snapshots/detail", (call) => listSnapshots(call, true)),
  route("POST", "/snapshots", createSnapshot),
  route("GET", "/snapshots/{snapshot_id}", (call) =>
    json({ snapshot: viewSnapshot(call, findSnapshot(call), true) }),
  ),
  route("PUT", "/snapshots/{snapshot_id}", updateSnapshot),
  route("DELETE", "/snapshots/{snapshot_id}", deleteSnapshot, { policy: "volume:delete_snapshot" }),
];

function listSnapshots(call: Call, in_detail: boolean): Reply {
  const wanted = [...call.site.state.snapshots.values()].filter(
    (snapshot) =>
      snapshot.project_id === call.caller.project_id &&
      matchesQuery(call.query, snapshot, ["name", "status", "volume_id", "metadata"]),
  );
  const path = in_detail ? "snapshots/detail" : "snapshots";
  return listPage(call, "snapshots", path, wanted, (snapshot) => viewSnapshot(call, snapshot, in_detail));
}

/** From 3.66 an in-use volume needs no `force`, and `force: false` is refused. */
async function createSnapshot(call: Call): Promise<Reply> {
  const given = await bodyObject(call, "snapshot");
  const volume = findVolume(call, given.needText("volume_id"));
  // Cinder asks its policy about the volume, so after it found one.
  enforcePolicy(call.site, "block-storage", call.caller, { policy: "volume:create_snapshot" });
  const modern = call.version.atLeast("3.66");
  const force = given.flag("force");
  if (modern && force === false) {
    throw new Refusal(
      400,
      "Invalid value for 'force'. Since microversion 3.66 the 'force' parameter is invalid: it is always assumed to be true. Either do not send it, or send the value true.",
    );
  }
  const allowed = modern || force ? ["available", "in-use"] : ["available"];
  if (!allowed.includes(volume.status)) {
    throw new Refusal(
      400,
      `Invalid volume: Volume ${volume.id} status must be ${allowed.join(", ")}, but current status is: ${volume.status}.`,
    );
  }
  const { snapshot } = makeSnapshot(call.site, call.caller, volume, {
    name: given.text("name") ?? null,
    description: given.text("description") ?? null,
    metadata: given.map("metadata") ?? {},
  });
  return json({ snapshot: viewSnapshot(call, snapshot, false) }, 202);
}

async function updateSnapshot(call: Call): Promise<Reply> {
  const snapshot = findSnapshot(call);
  const given = await bodyObject(call, "snapshot");
  snapshot.name = given.text("name") ?? snapshot.name;
  snapshot.description = given.text("description") ?? snapshot.description;
  return json({ snapshot: viewSnapshot(call, snapshot, false) });
}

function deleteSnapshot(call: Call): Reply {
  const { site } = call;
  const snapshot = findSnapshot(call);
  if (!["available", "error"].includes(snapshot.status)) {
    throw new Refusal(400, "Invalid snapshot: Snapshot status must be 'available' or 'error'.");
  }
  snapshot.status = "deleting";
  site.background(async () => {
    await site.transition();
    site.state.snapshots.delete(snapshot.id);
    await site.disks.remove(site.disks.snapshot(snapshot.id));
  });
  return empty(202);
}
