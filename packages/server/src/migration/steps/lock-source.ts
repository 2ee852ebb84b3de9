import { isStatus, type ServiceClient, sayDegraded } from "@uniview/openstack";
import { lockServer } from "@uniview/openstack/compute/server-actions";
import { addServerTag, setServerMetadata } from "@uniview/openstack/compute/server-metadata";
import { getServer } from "@uniview/openstack/compute/servers";
import { MIGRATED_TO } from "../checks/target.ts";
import type { MigrationOrders } from "../orders.ts";
import { known, type LastMigrationStep } from "./step.ts";

/** Lets people see and find sources that were migrated, where the site has tags. */
const TAG = "uniview-migrated";

/** Locked by an earlier try: its metadata could not even be written again. */
async function isMigratedTo(nova: ServiceClient, id: string, where: string): Promise<boolean> {
  const { locked, metadata } = await getServer(nova, id);
  return locked === true && metadata?.[MIGRATED_TO] === where;
}

/** From here on the copy is the server: the source stays off, locked, and says where it went. */
export function lockSource({ source, target }: MigrationOrders): LastMigrationStep {
  return {
    name: "lock-source",
    side: "source",
    title: `Lock ${source.server_name} at ${source.site}`,
    async do(hands, state, context) {
      const nova = await hands.at("source", "compute");
      const id = known(state.server_id, "server at the target");
      const done = await isMigratedTo(nova, source.server_id, `${target.site}/${id}`);
      if (done) return { ...state, locked: true };
      await setServerMetadata(nova, source.server_id, { [MIGRATED_TO]: `${target.site}/${id}` });
      const untagged = await addServerTag(nova, source.server_id, TAG);
      const { locked, notes } = await lockServer(
        nova,
        source.server_id,
        `Migrated by Uniview to ${target.site} as ${id}. Unlock and start it only if that one is gone.`,
      ).then(
        (silent) => ({ locked: true, notes: silent }),
        (error: unknown) => {
          if (!isStatus(error, 403)) throw error;
          context.log(
            "The source's policy does not let this role lock servers: it is shut off, but not locked.",
          );
          return { locked: false, notes: [] };
        },
      );
      hands.refresh("source");
      const told = [...notes, ...untagged].map((note) => sayDegraded(note, source.site));
      return { ...state, locked, degraded: [...(state.degraded ?? []), ...told] };
    },
  };
}
