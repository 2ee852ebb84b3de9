import { unlessMissing } from "../errors/openstack-error.ts";
import { getImage, type Image } from "../image/images.ts";
import type { Degraded } from "../negotiation/degraded.ts";
import { negotiate } from "../negotiation/negotiate.ts";
import type { ServiceClient } from "../service/service-client.ts";
import type { Server } from "./server.ts";

export interface ServerImageProperties {
  /** undefined for a server that boots from a volume (its volume's image metadata tells), or if its image is gone. */
  properties: Readonly<Record<string, string>> | undefined;
  degraded: readonly Degraded[];
}

/** `hw_firmware_type`, `hw_disk_bus` and their kin: what a server that is moved has to be made with again. */
export async function getServerImageProperties(
  nova: ServiceClient,
  glance: ServiceClient,
  id: string,
): Promise<ServerImageProperties> {
  const { microversion, ways, degraded } = negotiate(nova, "read_server.image_properties");
  const { image } = await nova.get<Server>(`/servers/${id}`, { microversion, unwrap: "server" });
  if (image === "" || image === null) return { properties: undefined, degraded: [] };
  if (ways["read_server.image_properties"] === "inside")
    return { properties: image.properties ?? {}, degraded };
  const found = await unlessMissing(getImage(glance, image.id));
  return { properties: found && propertiesOf(found), degraded };
}

/** Glance puts what somebody set beside its own fields. The patterns are those of Nova's image properties. */
const OF_NOVA = /^(hw|os|img|trait|traits)[_:]/;
const OF_GLANCE: ReadonlySet<string> = new Set(["os_hidden", "os_hash_algo", "os_hash_value"]);

function propertiesOf(image: Image): Record<string, string> {
  const rows = Object.entries(image).filter(([name]) => OF_NOVA.test(name) && !OF_GLANCE.has(name));
  return Object.fromEntries(rows.map(([name, value]) => [name, String(value)]));
}
