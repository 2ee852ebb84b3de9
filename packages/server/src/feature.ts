import type { Logger } from "pino";
import type { Recorder } from "./audit/recorder.ts";
import type { Config } from "./config.ts";
import type { Database } from "./db/database.ts";
import type { EventHub } from "./events/hub.ts";
import type { App } from "./http/app.ts";
import type { Sealer } from "./secrets/sealer.ts";
import type { SiteService } from "./sites/service.ts";

/** What every feature may stand on; made once, in `server.ts`. */
export interface Core {
  readonly config: Config;
  readonly log: Logger;
  readonly database: Database;
  readonly sealer: Sealer;
  readonly events: EventHub;
  readonly sites: SiteService;
  /** Writes down who changed what. Calls of the contract are written down by `route()`. */
  readonly audit: Pick<Recorder, "record">;
}

/** One folder of the server. `create<Feature>(core)` makes it; nobody else constructs its parts. */
export interface Feature {
  readonly name: string;
  register(app: App): void;
  /** Begins what runs beside the requests, once everything is registered. */
  start?(): Promise<void>;
  /** Ends what `start` began; called in the reverse order of starting. */
  close?(): Promise<void>;
}
