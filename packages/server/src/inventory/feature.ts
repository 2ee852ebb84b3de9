import type { Core, Feature } from "../feature.ts";
import { createAnnounce } from "./announce.ts";
import { PACE, type Pace } from "./intervals.ts";
import { createPageGate } from "./page-gate.ts";
import { createReader, type InventoryReader } from "./reader.ts";
import { registerInventory } from "./routes.ts";
import { createInventoryService, type InventoryService } from "./service.ts";

export interface Inventory extends Feature {
  readonly reader: InventoryReader;
  readonly service: InventoryService;
}

/** What sites have, read again and again into the database, and shown from there. */
export function createInventory({ database, log, sites, events }: Core, pace: Pace = PACE): Inventory {
  const announce = createAnnounce(events, log);
  const reader = createReader({ database, log, gate: createPageGate(), pace, sites, announce });
  const service = createInventoryService({ db: database.kysely, sites, reader });
  return {
    name: "inventory",
    reader,
    service,
    register: (app) => registerInventory(app, service),
    start: () => reader.start(),
    close: () => reader.close(),
  };
}
