import type { Guest } from "./guest.ts";
import type { Region } from "./region.ts";
import type { Report } from "./report.ts";
import type { Uniview } from "./uniview.ts";

/** What the scenarios share. They run in the order of the list; one may use what one before it left. */
export interface World {
  readonly victoria: Region;
  readonly zed: Region;
  readonly epoxy: Region;
  /** All of them, the oldest release first. */
  readonly regions: readonly Region[];
  readonly uniview: Uniview;
  readonly report: Report;
  /** The guest that has gone from zed to epoxy and may go back, and what it left in zed. */
  travelled?: { readonly source: Guest; readonly guest: Guest };
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  run(world: World): Promise<void>;
}
