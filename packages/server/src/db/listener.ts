import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";

const RECONNECT_AFTER_MS = 500;

export type Heard = (payload: string) => void;

export interface Listener {
  /**
   * Calls `heard` for every notification on the channel, from when the promise resolves.
   * `missed` is called after a lost connection came back: notifications in between are gone, so read afresh.
   * @returns stops the listening
   */
  listen(channel: string, heard: Heard, missed?: () => void): Promise<() => void>;
  close(): Promise<void>;
}

interface Subscription {
  channel: string;
  heard: Heard;
  missed?: (() => void) | undefined;
}

/** LISTEN over one connection of its own (a pooled one would forget), which comes back by itself. */
export function createListener(url: string): Listener {
  const subscriptions = new Set<Subscription>();
  let connecting: Promise<pg.Client> | undefined;
  let closed = false;

  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url, keepAlive: true });
    client.on("error", () => {}); // "end" follows, and brings it back
    client.on("notification", ({ channel, payload }) => {
      for (const one of subscriptions) if (one.channel === channel) one.heard(payload ?? "");
    });
    await client.connect();
    client.once("end", () => {
      connecting = undefined;
      if (!closed && subscriptions.size > 0) void reconnect();
    });
    for (const channel of new Set([...subscriptions].map((one) => one.channel))) {
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
    }
    return client;
  };

  const reconnect = async () => {
    while (!closed) {
      await delay(RECONNECT_AFTER_MS, undefined, { ref: false });
      connecting ??= connect();
      const client = await connecting.catch(() => undefined);
      if (client) {
        for (const one of subscriptions) one.missed?.();
        return;
      }
      connecting = undefined;
    }
  };

  return {
    async listen(channel, heard, missed) {
      const subscription: Subscription = { channel, heard, missed };
      subscriptions.add(subscription);
      connecting ??= connect();
      try {
        const client = await connecting;
        await client.query(`listen ${client.escapeIdentifier(channel)}`);
      } catch (error) {
        subscriptions.delete(subscription);
        connecting = undefined;
        throw error;
      }
      return () => void subscriptions.delete(subscription);
    },
    async close() {
      closed = true;
      subscriptions.clear();
      const client = await connecting?.catch(() => undefined);
      await client?.end();
    },
  };
}
