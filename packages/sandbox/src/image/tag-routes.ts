import { Refusal } from "../http/refusal.ts";
import { empty } from "../http/reply.ts";
import { param, type Route, route } from "../http/route.ts";
import { findOwnImage } from "./find-image.ts";

const HTML = { "Content-Type": "text/html; charset=UTF-8" };

export const TAG_ROUTES: Route[] = [
  route("PUT", "/images/{image_id}/tags/{tag}", (call) => {
    const image = findOwnImage(call.site, call.caller, param(call, "image_id"), "modify_image");
    if (!image.tags.includes(param(call, "tag"))) image.tags.push(param(call, "tag"));
    return empty(204, HTML);
  }),
  route("DELETE", "/images/{image_id}/tags/{tag}", (call) => {
    const image = findOwnImage(call.site, call.caller, param(call, "image_id"), "modify_image");
    if (!image.tags.includes(param(call, "tag"))) throw new Refusal(404, "The resource could not be found.");
    image.tags = image.tags.filter((tag) => tag !== param(call, "tag"));
    return empty(204, HTML);
  }),
];
