import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { type Call, param, type Route, route } from "../http/route.ts";
import { findServer } from "./find-server.ts";

const PATH = "/servers/{server_id}/tags";
const SINCE = { since: "2.26" };
const MAX_TAGS = 50;
const MAX_TAG_LENGTH = 60;

export const TAG_ROUTES: Route[] = [
  route("GET", PATH, (call) => json({ tags: findServer(call).tags }), SINCE),
  route("PUT", PATH, replaceTags, SINCE),
  route("DELETE", PATH, (call) => setTags(call, [], empty()), SINCE),
  route(
    "GET",
    `${PATH}/{tag}`,
    (call) => {
      existing(call);
      return empty();
    },
    SINCE,
  ),
  route("PUT", `${PATH}/{tag}`, addTag, SINCE),
  route(
    "DELETE",
    `${PATH}/{tag}`,
    (call) => {
      const tag = existing(call);
      return setTags(
        call,
        findServer(call).tags.filter((one) => one !== tag),
        empty(),
      );
    },
    SINCE,
  ),
];

async function replaceTags(call: Call): Promise<Reply> {
  const tags = (await call.body()).texts("tags") ?? [];
  return setTags(call, [...new Set(tags)], json({ tags }));
}

function addTag(call: Call): Reply {
  const server = findServer(call);
  const tag = param(call, "tag");
  if (server.tags.includes(tag)) return empty(204);
  const location = `${call.root}/servers/${server.id}/tags/${tag}`;
  return setTags(call, [...server.tags, tag], empty(201, { Location: location }));
}

function setTags(call: Call, tags: string[], reply: Reply): Reply {
  const server = findServer(call);
  const bad = tags.find((tag) => tag.length > MAX_TAG_LENGTH || /[/,]/.test(tag) || tag === "");
  if (bad !== undefined)
    throw new Refusal(
      400,
      `Tag '${bad}' is invalid. It must be a non empty string without characters '/' and ','. Maximum length is ${MAX_TAG_LENGTH} characters.`,
    );
  if (tags.length > MAX_TAGS)
    throw new Refusal(400, `The number of tags exceeded the per-server limit ${MAX_TAGS}`);
  server.tags = tags;
  return reply;
}

function existing(call: Call): string {
  const server = findServer(call);
  const tag = param(call, "tag");
  if (!server.tags.includes(tag)) throw new Refusal(404, `Instance ${server.id} has no tag '${tag}'`);
  return tag;
}
