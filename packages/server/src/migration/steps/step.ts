import type { ServiceClient, ServiceType, Session } from "@uniview/openstack";
import type { NoUndo, StepContext } from "@uniview/workflow";
import type { Transfers } from "../../transfers/transfers.ts";
import type { MigrationOrders } from "../orders.ts";

/** What the steps of a migration may touch of the world. */
export interface MigrationDeps {
  /** The session of one project of one site; throws what is retryable while the site cannot be reached. */
  connect(site_project_id: string): Promise<Session>;
  readonly transfers: Transfers;
  /** Tells the inventory that something changed there, so that lists show it within seconds. */
  refresh(site_project_id: string): void;
}

export type Side = "source" | "target";

/** The job's hands at both sites. */
export interface Hands {
  readonly orders: MigrationOrders;
  readonly transfers: Transfers;
  at(side: Side, service: ServiceType): Promise<ServiceClient>;
  refresh(side: Side): void;
}

/** What the steps so far have found out or made, each adding its part; all of it plain JSON. */
export interface MigrationState {
  readonly stopped_at?: string;
  readonly active_at?: string;
  /** By the disk's index. */
  readonly snapshot_ids?: Readonly<Record<string, string>>;
  readonly copy_ids?: Readonly<Record<string, string>>;
  readonly image_ids?: Readonly<Record<string, string>>;
  readonly moved?: Readonly<Record<string, MovedDisk>>;
  readonly volume_ids?: Readonly<Record<string, string>>;
  /** By the group's id on the source. */
  readonly security_group_ids?: Readonly<Record<string, string>>;
  /** By the port's index. */
  readonly port_ids?: Readonly<Record<string, string>>;
  readonly server_id?: string;
  readonly degraded?: readonly string[];
  readonly locked?: boolean;
}

/** One disk's image after it travelled. */
export interface MovedDisk {
  readonly target_image_id: string;
  readonly bytes: number;
  /** `sha512:…` of the image as it was read, sent and stored. */
  readonly checksum: string;
  readonly verified: "both-ends" | "target" | "none";
}

/** A step of a migration; which ones there are follows from the orders alone. */
export interface MigrationStep {
  readonly name: string;
  readonly title: string;
  /** Which site an error is about that does not tell. */
  readonly side: Side;
  /** Finds or creates. @returns what later steps need to know */
  do(hands: Hands, state: MigrationState, context: StepContext): Promise<MigrationState>;
  /** Removes whatever carries the key; must not rely on what `do` found out, because that may never have been recorded. */
  readonly undo: ((hands: Hands, context: StepContext) => Promise<void>) | NoUndo;
}

/** A step behind the point of no return: the copy runs, so whatever happens it stays. What cannot be done is told. */
export type LastMigrationStep = Omit<MigrationStep, "undo">;

/** The mark that everything a step makes at a site carries, as its name, or in its metadata or description. */
export function markOf({ key }: Pick<StepContext, "key">): string {
  return `uniview-${key.replaceAll("/", "-")}`;
}

/** The mark of another step of the same job. */
export function markOfStep({ key }: Pick<StepContext, "key">, step: string): string {
  return markOf({ key: key.replace(/[^/]+$/, step) });
}

/** Under which key of servers', volumes' and snapshots' metadata the mark stands. */
export const MARK = "uniview:job";

/** Adds one entry to a record of the state. */
export function adding<T>(
  record: Readonly<Record<string, T>> | undefined,
  key: string | number,
  value: T,
): Record<string, T> {
  return { ...record, [key]: value };
}

/** What an earlier step must have left. */
export function known<T>(value: T | undefined, what: string): T {
  if (value === undefined)
    throw new Error(`The migration has no ${what} yet: its steps are in the wrong order.`);
  return value;
}
