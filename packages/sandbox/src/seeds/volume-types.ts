import type { Site } from "../site.ts";
import { put } from "../state.ts";
import type { Theme } from "./themes.ts";

/** The first one is the default; `__DEFAULT__` is there too, as Cinder makes it. */
export function seedVolumeTypes(site: Site, theme: Theme): void {
  for (const name of [...theme.volume_types, "__DEFAULT__"]) {
    put(site.state.volume_types, {
      id: site.newId(),
      name,
      description: name === "__DEFAULT__" ? "Default Volume Type" : null,
      is_public: true,
      extra_specs: name === "__DEFAULT__" ? {} : { volume_backend_name: name },
      created_at: site.nowNaive(),
    });
  }
}
