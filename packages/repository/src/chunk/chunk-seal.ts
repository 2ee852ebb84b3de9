import { NONCE_BYTES } from "../seal/aead.ts";

/** The nonce of what is sealed at an offset of a pack: each pack has a key of its own, each offset is used once. */
export function nonceAt(offset: number): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUInt32BE(offset, NONCE_BYTES - 4);
  return nonce;
}

/** Binds a sealed chunk to its id and word, so that no other can stand in its place. */
export function sealBond(id: Buffer, word: number): Buffer {
  const bond = Buffer.alloc(id.length + 4);
  id.copy(bond);
  bond.writeUInt32BE(word, id.length);
  return bond;
}
