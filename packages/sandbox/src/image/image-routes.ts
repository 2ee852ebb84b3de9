import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { type Call, param, type Route, route } from "../http/route.ts";
import { createImage } from "./create-image.ts";
import { findImage } from "./find-image.ts";
import { listImages } from "./list-images.ts";
import { updateImage } from "./update-image.ts";
import { viewImage } from "./view.ts";

export const IMAGE_ROUTES: Route[] = [
  route("GET", "/images", listImages, { policy: "get_images" }),
  route("POST", "/images", createImage, { policy: "add_image" }),
  route(
    "GET",
    "/images/{image_id}",
    (call) => json(viewImage(call.site, findImage(call.site, call.caller, param(call, "image_id")))),
    {
      policy: "get_image",
    },
  ),
  route("PATCH", "/images/{image_id}", updateImage, { policy: "modify_image" }),
  route("DELETE", "/images/{image_id}", deleteImage, { policy: "delete_image" }),
];

async function deleteImage(call: Call): Promise<Reply> {
  const { site, caller } = call;
  const id = param(call, "image_id");
  const image = site.state.images.get(id);
  if (
    image === undefined ||
    (image.owner !== caller.project_id && !caller.is_admin && image.visibility !== "public")
  ) {
    throw new Refusal(404, `Failed to find image ${id} to delete`);
  }
  if (image.owner !== caller.project_id && !caller.is_admin) {
    throw new Refusal(403, "You are not authorized to complete delete_image action.");
  }
  if (image.protected) throw new Refusal(403, `Image ${id} is protected and cannot be deleted.`);
  site.state.images.delete(id);
  await site.disks.remove(site.disks.image(id));
  return { ...empty(), headers: { "Content-Type": "text/html; charset=UTF-8" } };
}
