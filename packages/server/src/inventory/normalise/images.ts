import type { Image } from "@uniview/api";
import { instant, integer, text, texts, truth } from "./body.ts";
import type { FactsOf, Normalise } from "./normalised.ts";
import { searchText } from "./search-text.ts";

/** An image of `GET /v2/images`. `size` is null before the data is there. */
export const normaliseImage: Normalise<FactsOf<Image>> = (body, { project_id }) => {
  const id = text(body, "id");
  const visibility = text(body, "visibility");
  if (id === null || (visibility === "private" && isAnothers(text(body, "owner"), project_id)))
    return undefined;
  const name = text(body, "name") ?? id;
  const status = text(body, "status");
  const facts = {
    size_bytes: integer(body, "size"),
    disk_format: text(body, "disk_format"),
    visibility,
    min_disk_gb: integer(body, "min_disk") ?? 0,
    min_ram_mb: integer(body, "min_ram") ?? 0,
    protected: truth(body, "protected"),
  };
  return {
    id,
    name,
    status,
    created_at: instant(body, "created_at"),
    updated_at: instant(body, "updated_at"),
    search: searchText({}, [
      name,
      id,
      status,
      visibility,
      facts.disk_format,
      text(body, "os_distro"),
      text(body, "os_version"),
      ...texts(body, "tags"),
    ]),
    facts,
    shared_id: id,
    raw: body,
  };
};

function isAnothers(owner: string | null, project_id: string): boolean {
  return owner !== null && owner !== project_id;
}
