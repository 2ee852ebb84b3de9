import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { readPieces } from "./sparse-copy.ts";

export interface Digests {
  md5: string;
  sha512: string;
}

/** SHA-256 of a whole file, holes read as the zeros that they are. */
export async function sha256OfFile(path: string): Promise<string> {
  await using file = await open(path, "r");
  const hash = createHash("sha256");
  const { size } = await file.stat();
  for await (const { piece } of readPieces(file, size)) hash.update(piece);
  return hash.digest("hex");
}

/** What Glance computes of everything that it stores. */
export async function imageDigests(path: string): Promise<Digests> {
  await using file = await open(path, "r");
  const md5 = createHash("md5");
  const sha512 = createHash("sha512");
  const { size } = await file.stat();
  for await (const { piece } of readPieces(file, size)) {
    md5.update(piece);
    sha512.update(piece);
  }
  return { md5: md5.digest("hex"), sha512: sha512.digest("hex") };
}
