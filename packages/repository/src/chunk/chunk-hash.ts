import { hash } from "node:crypto";
import { createRequire } from "node:module";

/** How chunks are named: settled when a repository is made. BLAKE3 takes half the time, and an add-on that not every machine has. */
export type HashName = "sha256" | "blake3";

/** Names a chunk by its bytes: 32 bytes. */
export type ChunkHash = (chunk: Buffer) => Buffer;

const ADD_ON = "@napi-rs/blake-hash";

/** What this machine can name chunks by, the fastest first. */
export function hashesHere(): readonly HashName[] {
  try {
    loadHash("blake3");
    return ["blake3", "sha256"];
  } catch {
    return ["sha256"];
  }
}

/** @throws Error when this machine does not have what the hash needs */
export function loadHash(name: HashName): ChunkHash {
  if (name === "sha256") return (chunk) => hash("sha256", chunk, "buffer");
  try {
    const { blake3 } = createRequire(import.meta.url)(ADD_ON) as { blake3: ChunkHash };
    return blake3;
  } catch (cause) {
    throw new Error(
      `chunks of this repository are named by BLAKE3, which needs ${ADD_ON}: install it (npm install ${ADD_ON}), or make the repository with sha256`,
      { cause },
    );
  }
}
