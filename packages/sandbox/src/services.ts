import { blockStorageService } from "./block-storage/service.ts";
import { computeService } from "./compute/service.ts";
import type { Service } from "./http/service.ts";
import { identityService } from "./identity/service.ts";
import { imageService } from "./image/service.ts";
import { networkService } from "./network/service.ts";
import { placementService } from "./placement/service.ts";
import type { Site } from "./site.ts";

export function servicesOf(site: Site): Service[] {
  return [
    identityService(site),
    computeService(site),
    blockStorageService(site),
    imageService(site),
    networkService(site),
    placementService(site),
  ];
}
