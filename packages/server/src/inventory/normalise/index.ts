import type { ResourceKind } from "@uniview/api";
import { normaliseFlavor } from "./flavors.ts";
import { normaliseImage } from "./images.ts";
import { normaliseKeypair } from "./keypairs.ts";
import { normaliseNetwork } from "./networks.ts";
import type { Normalise } from "./normalised.ts";
import { normalisePort } from "./ports.ts";
import { normaliseSecurityGroup } from "./security-groups.ts";
import { normaliseServer } from "./servers.ts";
import { normaliseVolume } from "./volumes.ts";

export const NORMALISE: Readonly<Record<ResourceKind, Normalise>> = {
  servers: normaliseServer,
  volumes: normaliseVolume,
  images: normaliseImage,
  flavors: normaliseFlavor,
  networks: normaliseNetwork,
  ports: normalisePort,
  "security-groups": normaliseSecurityGroup,
  keypairs: normaliseKeypair,
};
