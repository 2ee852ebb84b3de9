import type { ResourceKind } from "@uniview/api";

interface KindWords {
  /** `Security groups`, for titles. */
  readonly title: string;
  /** `security group`, within a sentence. */
  readonly one: string;
  readonly many: string;
  /** The key after `g`. */
  readonly key: string;
}

export const KINDS: Record<ResourceKind, KindWords> = {
  servers: { title: "Servers", one: "server", many: "servers", key: "s" },
  volumes: { title: "Volumes", one: "volume", many: "volumes", key: "v" },
  images: { title: "Images", one: "image", many: "images", key: "i" },
  flavors: { title: "Flavors", one: "flavor", many: "flavors", key: "f" },
  networks: { title: "Networks", one: "network", many: "networks", key: "n" },
  ports: { title: "Ports", one: "port", many: "ports", key: "p" },
  "security-groups": { title: "Security groups", one: "security group", many: "security groups", key: "c" },
  keypairs: { title: "Keypairs", one: "keypair", many: "keypairs", key: "k" },
};

export function isKind(word: string): word is ResourceKind {
  return Object.hasOwn(KINDS, word);
}
