import type { ServiceType } from "../service/service-types.ts";
import type { Release } from "./releases.ts";

/** The highest version that a service shows, and the first and last release that showed it. */
export interface Fingerprint {
  max: string;
  from: Release;
  /** Absent: still so in the newest release known. */
  to?: Release;
}

/**
 * Sources, read in the services' own repositories:
 * - compute: nova `api/openstack/compute/rest_api_version_history.rst` ("Maximum in …")
 * - block-storage: cinder `api/openstack/rest_api_version_history.rst`
 * - identity: keystone `api/discovery.py` (before: `version/controllers.py`) at the releases' tags
 * - image: glance `api/versions.py` at the tags 17.0.0 (Rocky) to 31.0.0 (2025.2). What is CURRENT depends on
 *   configuration too (`enabled_backends`, `image_cache_dir`), so a range holds every release that can show it.
 * - placement: `rest_api_version_history.rst` and release notes; 1.39 seen on a real Zed region
 *
 * A vendor may backport or hide a version, so this is evidence, never proof.
 */
export const FINGERPRINTS: Readonly<Partial<Record<ServiceType, readonly Fingerprint[]>>> = {
  compute: [
    { max: "2.38", from: "Newton", to: "Newton" },
    { max: "2.42", from: "Ocata", to: "Ocata" },
    { max: "2.53", from: "Pike", to: "Pike" },
    { max: "2.60", from: "Queens", to: "Queens" },
    { max: "2.65", from: "Rocky", to: "Rocky" },
    { max: "2.72", from: "Stein", to: "Stein" },
    { max: "2.79", from: "Train", to: "Train" },
    { max: "2.87", from: "Ussuri", to: "Victoria" },
    { max: "2.88", from: "Wallaby", to: "Wallaby" },
    { max: "2.90", from: "Xena", to: "Yoga" },
    { max: "2.93", from: "Zed", to: "Zed" },
    { max: "2.95", from: "2023.1", to: "2023.2" },
    { max: "2.96", from: "2024.1", to: "2024.2" },
    { max: "2.100", from: "2025.1", to: "2025.2" },
    { max: "2.103", from: "2026.1" },
  ],
  "block-storage": [
    { max: "3.15", from: "Newton", to: "Newton" },
    { max: "3.27", from: "Ocata", to: "Ocata" },
    { max: "3.43", from: "Pike", to: "Pike" },
    { max: "3.50", from: "Queens", to: "Queens" },
    { max: "3.55", from: "Rocky", to: "Rocky" },
    { max: "3.59", from: "Stein", to: "Train" },
    { max: "3.60", from: "Ussuri", to: "Ussuri" },
    { max: "3.62", from: "Victoria", to: "Victoria" },
    { max: "3.64", from: "Wallaby", to: "Wallaby" },
    { max: "3.66", from: "Xena", to: "Xena" },
    { max: "3.68", from: "Yoga", to: "Yoga" },
    { max: "3.70", from: "Zed", to: "2023.2" },
    { max: "3.71", from: "2024.1" },
  ],
  identity: [
    { max: "3.8", from: "Ocata", to: "Pike" },
    { max: "3.10", from: "Queens", to: "Rocky" },
    { max: "3.11", from: "Rocky", to: "Rocky" },
    { max: "3.12", from: "Stein", to: "Stein" },
    { max: "3.13", from: "Train", to: "Train" },
    { max: "3.14", from: "Ussuri" },
  ],
  image: [
    { max: "2.5", from: "Ocata", to: "Pike" },
    { max: "2.6", from: "Queens", to: "Queens" },
    { max: "2.7", from: "Rocky", to: "Stein" },
    { max: "2.8", from: "Rocky", to: "Stein" },
    { max: "2.9", from: "Train", to: "Xena" },
    { max: "2.10", from: "Ussuri", to: "Ussuri" },
    { max: "2.11", from: "Victoria", to: "Victoria" },
    { max: "2.12", from: "Wallaby", to: "Xena" },
    { max: "2.13", from: "Wallaby", to: "Xena" },
    { max: "2.15", from: "Yoga", to: "2024.1" },
    { max: "2.16", from: "Zed", to: "2024.1" },
    { max: "2.17", from: "2024.2" },
    { max: "2.18", from: "2026.1" },
  ],
  placement: [
    { max: "1.0", from: "Newton", to: "Newton" },
    { max: "1.4", from: "Ocata", to: "Ocata" },
    { max: "1.10", from: "Pike", to: "Pike" },
    { max: "1.17", from: "Queens", to: "Queens" },
    { max: "1.30", from: "Rocky", to: "Rocky" },
    { max: "1.31", from: "Stein", to: "Stein" },
    { max: "1.36", from: "Train", to: "Wallaby" },
    { max: "1.38", from: "Xena", to: "Yoga" },
    { max: "1.39", from: "Zed" },
  ],
};
