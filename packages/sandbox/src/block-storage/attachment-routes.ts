import { json } from "../http/reply.ts";
import { type Call, type Route, route } from "../http/route.ts";
import type { BlockAttachment, Volume } from "./state.ts";

/** Who holds which volume. The other calls of this API are Nova's own. */
export const BLOCK_ATTACHMENT_ROUTES: Route[] = [
  route("GET", "/attachments", (call) => json({ attachments: list(call).map(([, one]) => brief(one)) }), {
    since: "3.27",
  }),
  route("GET", "/attachments/detail", (call) => json({ attachments: list(call).map(view) }), {
    since: "3.27",
  }),
];

function list(call: Call): [Volume, BlockAttachment][] {
  const wanted = call.query.get("volume_id");
  return [...call.site.state.volumes.values()]
    .filter(({ id, project_id }) => project_id === call.caller.project_id && (wanted ?? id) === id)
    .flatMap((volume) =>
      volume.attachments.map((attachment): [Volume, BlockAttachment] => [volume, attachment]),
    );
}

function brief({ attachment_id, server_id }: BlockAttachment): Record<string, unknown> {
  return { id: attachment_id, instance: server_id, status: "attached" };
}

function view([volume, attachment]: [Volume, BlockAttachment]): Record<string, unknown> {
  return {
    ...brief(attachment),
    volume_id: volume.id,
    attach_mode: "rw",
    attached_at: attachment.attached_at,
    detached_at: null,
    connection_info: {},
  };
}
