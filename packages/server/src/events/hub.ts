import type { Change } from "@uniview/api";
import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import { type Audience, createAudiences } from "./audience.ts";
import { createTeller } from "./teller.ts";
import { packTold, type Told, unpackTold } from "./told.ts";

/** NOTIFY channels: `job` is written by @uniview/workflow (payload: job id), the others by this file. */
export const CHANNELS = { change: "change", job: "job", grants: "grants" } as const;

export type { Audience };

/** Tells changes to everybody whom they concern, whichever server of this database they are connected to. */
export interface EventHub {
  /** Told to all servers. A change says that something is different, never what: receivers read it again. */
  publish(changes: Change | readonly Change[], audience: Audience): Promise<void>;
  /** Changes that this user may know of. `missed`: some are lost, read everything again. @returns ends it */
  subscribe(user_id: string, heard: (change: Change) => void, missed: () => void): () => void;
  /** Every change of this kind, whoever may know of it: for parts of the server itself. @returns ends it */
  observe(type: Change["type"], heard: (change: Change) => void): () => void;
  /** Call after grants, site projects or users changed: who may know what is worked out anew, on all servers. */
  grantsChanged(): Promise<void>;
  close(): Promise<void>;
}

interface Subscriber {
  readonly user_id: string;
  readonly heard: (change: Change) => void;
  readonly missed: () => void;
}

export async function createEventHub(database: Database, log: Logger): Promise<EventHub> {
  const subscribers = new Set<Subscriber>();
  const observers = new Set<{ type: Change["type"]; heard: (change: Change) => void }>();
  const audiences = createAudiences(database.kysely);

  const deliver = async ({ changes, audience }: Told) => {
    for (const observer of observers) {
      for (const change of changes) if (observer.type === change.type) observer.heard(change);
    }
    if (subscribers.size === 0) return;
    const users = await audiences.usersOf(audience);
    for (const subscriber of subscribers) {
      if (users.has(subscriber.user_id)) for (const change of changes) subscriber.heard(change);
    }
  };
  // one after the other, so that changes arrive in the order in which they were told
  let last: Promise<void> = Promise.resolve();
  const enqueue = (work: () => Promise<void>) => {
    last = last.then(work).catch((error: unknown) => log.warn({ err: error }, "a change was not delivered"));
  };
  const missed = () => {
    audiences.forget();
    for (const subscriber of subscribers) subscriber.missed();
  };

  const teller = createTeller((told) => database.notify(CHANNELS.change, ...packTold(told)));

  const stops = [
    await database.listen(
      CHANNELS.change,
      (payload) => {
        enqueue(async () => {
          for (const told of unpackTold(payload)) await deliver(told);
        });
      },
      missed,
    ),
    await database.listen(CHANNELS.job, (id) =>
      enqueue(() => deliver({ changes: [{ type: "job", id }], audience: { job_id: id } })),
    ),
    await database.listen(CHANNELS.grants, () => audiences.forget()),
  ];

  return {
    publish: (changes, audience) => teller.tell({ changes: [changes].flat(), audience }),
    subscribe(user_id, heard, onMissed) {
      const subscriber = { user_id, heard, missed: onMissed };
      subscribers.add(subscriber);
      return () => void subscribers.delete(subscriber);
    },
    observe(type, heard) {
      const observer = { type, heard };
      observers.add(observer);
      return () => void observers.delete(observer);
    },
    async grantsChanged() {
      audiences.forget();
      await database.notify(CHANNELS.grants, "");
    },
    async close() {
      for (const stop of stops) stop();
      subscribers.clear();
      observers.clear();
      await teller.settled();
      await last;
    },
  };
}
