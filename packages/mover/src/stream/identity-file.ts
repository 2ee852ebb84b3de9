import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { createIdentity, type Identity } from "./certificate.ts";

const Stored = z.object({ key_pem: z.string(), certificate_pem: z.string(), fingerprint: z.string() });

const fileIn = (dir: string) => join(dir, "identity.json");

/** The identity of a transfer, made at the first call and kept in its folder: a mover that was killed is still the same to its peer. */
export async function identityIn(dir: string): Promise<Identity> {
  const kept = await storedIn(dir);
  if (kept) return kept;
  const identity = createIdentity();
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await using file = await open(`${fileIn(dir)}.new`, "w", 0o600);
  await file.writeFile(JSON.stringify(identity));
  await file.sync(); // the peer is told of it: it must outlive a power cut
  await rename(`${fileIn(dir)}.new`, fileIn(dir));
  return identity;
}

async function storedIn(dir: string): Promise<Identity | undefined> {
  try {
    return Stored.parse(JSON.parse(await readFile(fileIn(dir), "utf8")));
  } catch {
    return undefined; // none yet, or torn before anybody was told
  }
}
