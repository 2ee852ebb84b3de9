import { Refusal } from "../http/refusal.ts";
import { json } from "../http/reply.ts";
import { param, type Route, route } from "../http/route.ts";
import { defaultVolumeType } from "./make-volume.ts";
import { viewVolumeType } from "./views.ts";

export const TYPE_ROUTES: Route[] = [
  route("GET", "/types", (call) => {
    const visible = [...call.site.state.volume_types.values()].filter(
      (type) => type.is_public || call.caller.is_admin,
    );
    return json({ volume_types: visible.map((type) => viewVolumeType(call, type)) });
  }),
  route("GET", "/types/{type_id}", (call) => {
    const id = param(call, "type_id");
    const type = id === "default" ? defaultVolumeType(call.site) : call.site.state.volume_types.get(id);
    if (type === undefined) throw new Refusal(404, `Volume type ${id} could not be found.`);
    return json({ volume_type: viewVolumeType(call, type) });
  }),
];
