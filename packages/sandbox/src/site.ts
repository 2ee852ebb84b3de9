import { randomUUID } from "node:crypto";
import { DiskStore } from "./disks/disk-store.ts";
import { FaultBoard } from "./faults/fault-board.ts";
import { Guests } from "./guests/guests.ts";
import type { SandboxOptions } from "./options.ts";
import { type Layout, type Release, releaseOf } from "./releases.ts";
import { emptyState, type SiteState } from "./state.ts";

const DEFAULT_TRANSITION_MS = 120;
const DEFAULT_GUEST_INTERVAL_MS = 1000;
const DEFAULT_TOKEN_LIFETIME_S = 86_400;

/** One simulated OpenStack: its state, its disks, its guests, its faults. Services are functions on it. */
export class Site {
  readonly name: string;
  readonly region_name: string;
  readonly release: Release;
  readonly layout: Layout;
  readonly options: SandboxOptions;
  readonly state: SiteState = emptyState();
  readonly disks: DiskStore;
  readonly guests: Guests;
  readonly faults = new FaultBoard();
  readonly token_lifetime_s: number;
  /** Address without a slash at the end; known once the listener stands. */
  url = "";
  #transition_ms: number;
  #work = new Set<Promise<void>>();
  #closing = new AbortController();

  constructor(options: SandboxOptions) {
    this.name = options.name;
    this.region_name = options.region_name ?? options.name;
    this.options = options;
    this.release = releaseOf(options);
    this.layout = this.release.layout;
    this.disks = new DiskStore(options.dir, options.disk_bytes_per_gib);
    this.token_lifetime_s = options.token_lifetime_s ?? DEFAULT_TOKEN_LIFETIME_S;
    this.#transition_ms = options.transition_ms ?? DEFAULT_TRANSITION_MS;
    this.guests = new Guests(this, options.guest_interval_ms ?? DEFAULT_GUEST_INTERVAL_MS);
  }

  newId(): string {
    return randomUUID();
  }

  /** Keystone's spelling: no dashes. */
  newKeystoneId(): string {
    return randomUUID().replaceAll("-", "");
  }

  /** ISO 8601 with seconds, as Nova, Neutron and Glance write it. */
  now(): string {
    return `${new Date().toISOString().slice(0, 19)}Z`;
  }

  /** With microseconds and without zone, as Cinder writes it. */
  nowNaive(): string {
    return `${new Date().toISOString().slice(0, 23)}000`;
  }

  /** Work that goes on after its request was answered. What fails there must have told so in the state already. */
  background(work: () => Promise<void>): void {
    const running: Promise<void> = work()
      .catch((error: unknown) => {
        if (!this.#closing.signal.aborted) console.error(`sandbox ${this.name}:`, error);
      })
      .finally(() => this.#work.delete(running));
    this.#work.add(running);
  }

  /** Lets a state such as BUILD be seen for a moment. Returns at once while the site closes. */
  async transition(): Promise<void> {
    if (this.#closing.signal.aborted || this.#transition_ms === 0) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#closing.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, this.#transition_ms);
      this.#closing.signal.addEventListener("abort", done);
    });
  }

  /** Finishes what is under way, without waiting between states. */
  async settle(): Promise<void> {
    this.#closing.abort();
    await this.guests.stopAll();
    while (this.#work.size > 0) await Promise.all(this.#work);
  }
}
