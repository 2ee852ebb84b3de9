import { negotiate } from "../negotiation/negotiate.ts";
import type { ServiceClient } from "../service/service-client.ts";
import type { Volume } from "./volumes.ts";

type KeyOf = { encryption_key_id?: string | null };

/**
 * The id of the key (at Barbican) that an encrypted volume is encrypted with; undefined for one that is not encrypted.
 * @throws OpenStackError 404 no such volume, 403 where policy hides it
 */
export async function getEncryptionKeyId(
  cinder: ServiceClient,
  volume_id: string,
): Promise<string | undefined> {
  const { microversion, ways } = negotiate(cinder, "read_volume.encryption_key");
  const path = `/volumes/${volume_id}`;
  const volume = await cinder.get<Volume & KeyOf>(path, { microversion, unwrap: "volume" });
  if (!volume.encrypted) return undefined;
  if (ways["read_volume.encryption_key"] === "inside") return volume.encryption_key_id ?? undefined;
  const { encryption_key_id } = await cinder.get<KeyOf>(`${path}/encryption`);
  return encryption_key_id ?? undefined;
}
