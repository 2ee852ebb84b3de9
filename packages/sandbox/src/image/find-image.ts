import { Refusal } from "../http/refusal.ts";
import type { Caller } from "../identity/caller.ts";
import type { Site } from "../site.ts";
import type { Image } from "./state.ts";

export function mayRead(caller: Pick<Caller, "project_id" | "is_admin">, image: Image): boolean {
  return (
    caller.is_admin ||
    image.owner === caller.project_id ||
    image.visibility === "public" ||
    image.visibility === "community"
  );
}

/** @throws Refusal 404, also for what belongs to somebody else */
export function findImage(site: Site, caller: Pick<Caller, "project_id" | "is_admin">, id: string): Image {
  const image = site.state.images.get(id);
  if (image === undefined || !mayRead(caller, image)) throw new Refusal(404, `No image found with ID ${id}`);
  return image;
}

/** @throws Refusal 403 for an image that is visible but somebody else's */
export function findOwnImage(site: Site, caller: Caller, id: string, action: string): Image {
  const image = findImage(site, caller, id);
  if (image.owner !== caller.project_id && !caller.is_admin) {
    throw new Refusal(403, `You are not authorized to complete ${action} action.`);
  }
  return image;
}
