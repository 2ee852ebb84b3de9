/** The services that this library speaks, by their official type names. */
export type ServiceType = "identity" | "compute" | "block-storage" | "image" | "network" | "placement";

/**
 * Catalog type names of each service, the best first: where a catalog lists several, the first wins.
 * Sources: service-types-authority, and what kolla, DevStack, Juju charms and Debian register. `volume` was v1 or
 * v2 once and is v3 in some newer clouds, so it comes last and the version in its URL decides.
 */
const CATALOG_TYPES: Readonly<Record<ServiceType, readonly string[]>> = {
  identity: ["identity", "identityv3"],
  compute: ["compute", "computev21", "compute_legacy"],
  "block-storage": ["block-storage", "volumev3", "block-store", "volumev2", "volume"],
  image: ["image"],
  network: ["network"],
  placement: ["placement"],
};

export const SERVICE_TYPES = Object.keys(CATALOG_TYPES) as readonly ServiceType[];

export function catalogTypes(type: ServiceType): readonly string[] {
  return CATALOG_TYPES[type];
}

/** Which of our services a catalog entry's type stands for; undefined for object-store, orchestration and others. */
export function serviceTypeOf(catalog_type: string): ServiceType | undefined {
  return SERVICE_TYPES.find((type) => CATALOG_TYPES[type].includes(catalog_type));
}

/** Name of the OpenStack project behind a service type, for people. */
export const PROJECT_NAMES: Readonly<Record<ServiceType, string>> = {
  identity: "Keystone",
  compute: "Nova",
  "block-storage": "Cinder",
  image: "Glance",
  network: "Neutron",
  placement: "Placement",
};
