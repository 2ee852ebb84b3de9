import { API_PREFIX, type Change, EVENTS_PATH, Problem } from "@uniview/api";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Core, Feature } from "../feature.ts";
import type { App } from "../http/app.ts";

/** Keeps proxies from closing a quiet stream, and finds out soon that a sign-in has ended. */
const HEARTBEAT_MS = 15_000;
/** What a slow reader may be behind before its stream is closed; it comes back and reads everything again. */
const MAX_UNSENT_BYTES = 256 * 1024;
/** Browser tabs and scripts of one user. */
const MAX_STREAMS_PER_USER = 32;

/** The stream of server-sent events: what changed, to everybody whom it concerns. */
export function createEvents({ events }: Pick<Core, "events">): Feature {
  const open = new Set<{ user_id: string; end: () => void }>();

  const stream = async (app: App, request: FastifyRequest, reply: FastifyReply) => {
    const user = await app.authenticate(request);
    if (!user) {
      throw new Problem("not-signed-in", "Events need somebody who is signed in.", {
        remedy: "Sign in first.",
      });
    }
    const mine = [...open].filter((one) => one.user_id === user.user_id);
    if (mine.length >= MAX_STREAMS_PER_USER) mine[0]?.end(); // the oldest; a tab that still lives comes back
    const headers = {
      ...reply.getHeaders(),
      "content-type": "text/event-stream; charset=utf-8",
      "x-accel-buffering": "no",
    };
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, headers as Record<string, string>);

    const write = (text: string) => {
      raw.write(text);
      if (raw.writableLength > MAX_UNSENT_BYTES) end();
    };
    const stop = events.subscribe(
      user.user_id,
      (change: Change) => write(`event: ${change.type}\ndata: ${JSON.stringify(change)}\n\n`),
      () => end(), // something was missed: whoever comes back reads everything again
    );
    const heartbeat = setInterval(() => {
      app.authenticate(request).then(
        (still) => (still ? write(": still here\n\n") : end()),
        () => end(),
      );
    }, HEARTBEAT_MS);
    const end = () => {
      clearInterval(heartbeat);
      stop();
      open.delete(entry);
      raw.destroy();
    };
    const entry = { user_id: user.user_id, end };
    open.add(entry);
    raw.once("close", end);
    write("retry: 2000\n\n");
  };

  return {
    name: "events",
    register(app) {
      app.fastify.get(API_PREFIX + EVENTS_PATH, (request, reply) => stream(app, request, reply));
    },
    async close() {
      for (const one of open) one.end();
    },
  };
}
