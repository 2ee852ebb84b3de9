import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import { bodyObject, type Call, param, type Route, route } from "../http/route.ts";
import { put } from "../state.ts";
import { defaultVolumeType } from "./make-volume.ts";
import { viewVolumeType } from "./views.ts";

export const TYPE_ROUTES: Route[] = [
  route("GET", "/types", (call) => {
    const visible = [...call.site.state.volume_types.values()].filter(
      (type) => type.is_public || call.caller.is_admin,
    );
    return json({ volume_types: visible.map((type) => viewVolumeType(call, type)) });
  }),
  route("POST", "/types", createType, { policy: "volume_extension:type_create", admin: true }),
  route("POST", "/types/{type_id}/encryption", encryptType, {
    policy: "volume_extension:volume_type_encryption:create",
    admin: true,
  }),
  route("GET", "/types/{type_id}", (call) => {
    const id = param(call, "type_id");
    const type = id === "default" ? defaultVolumeType(call.site) : call.site.state.volume_types.get(id);
    if (type === undefined) throw new Refusal(404, `Volume type ${id} could not be found.`);
    return json({ volume_type: viewVolumeType(call, type) });
  }),
];

async function createType(call: Call): Promise<Reply> {
  const { site } = call;
  const given = await bodyObject(call, "volume_type");
  const type = put(site.state.volume_types, {
    id: site.newId(),
    name: given.needText("name"),
    description: given.text("description") ?? null,
    is_public: given.flag("os-volume-type-access:is_public") ?? true,
    extra_specs: given.map("extra_specs") ?? {},
    created_at: site.nowNaive(),
  });
  return json({ volume_type: viewVolumeType(call, type) });
}

async function encryptType(call: Call): Promise<Reply> {
  const id = param(call, "type_id");
  const type = call.site.state.volume_types.get(id);
  if (type === undefined) throw new Refusal(404, `Volume type ${id} could not be found.`);
  const given = await bodyObject(call, "encryption");
  type.encryption = {
    provider: given.needText("provider"),
    cipher: given.text("cipher") ?? "aes-xts-plain64",
    key_size: given.integer("key_size") ?? 256,
    control_location: given.text("control_location") ?? "front-end",
  };
  return json({ encryption: { ...type.encryption, encryption_id: call.site.newId(), volume_type_id: id } });
}
