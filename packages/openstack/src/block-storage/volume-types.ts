import { type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";

export interface VolumeType {
  id: string;
  name: string;
  description: string | null;
  is_public: boolean;
  /** Only what policy lets this role see. */
  extra_specs?: Record<string, string>;
  qos_specs_id?: string | null;
}

/** Volume types that this project may use. */
export function listVolumeTypes(
  cinder: ServiceClient,
  options: ListOptions = {},
): AsyncGenerator<VolumeType[], void> {
  return listPages<VolumeType>(cinder, { ...options, path: "/types", key: "volume_types" });
}

/** The type a volume gets when none is named. @throws OpenStackError 404 where the site has none */
export function getDefaultVolumeType(cinder: ServiceClient): Promise<VolumeType> {
  return cinder.get<VolumeType>("/types/default", { unwrap: "volume_type" });
}
