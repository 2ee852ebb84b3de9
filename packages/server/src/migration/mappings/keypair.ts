import type { MappingRow } from "@uniview/api";
import type { MigrationOrders } from "../orders.ts";
import type { SourceFacts } from "../source-facts.ts";
import type { TargetFacts } from "../target-facts.ts";
import { chosenByUser } from "./choose.ts";

export interface KeypairMapping {
  readonly order: MigrationOrders["keypair"];
  readonly row: MappingRow | null;
}

/**
 * Suggested: the keypair with the same public key, else the public key is imported. A key that belongs to somebody
 * else cannot be read; the copy then goes without: the key itself is in the disk anyway.
 */
export function mapKeypair(
  source: SourceFacts,
  target: TargetFacts,
  mapping: Readonly<Record<string, string>>,
): KeypairMapping {
  const name = source.server.key_name;
  if (!name) return { order: null, row: null };
  const candidates = target.keypairs.map((keypair) => ({ ...keypair, id: keypair.name }));
  const chosen = chosenByUser("keypair", mapping, { id: name, name }, candidates, target.site);
  const same_key = candidates.find(({ fingerprint }) => fingerprint === source.keypair?.fingerprint);
  const found = chosen ?? same_key ?? null;
  const public_key = source.keypair?.public_key ?? null;
  const free_name = candidates.some((keypair) => keypair.name === name) ? `${name}-${source.site}` : name;
  const creates = found === null && public_key !== null;
  const made = creates ? { id: "", name: free_name } : null;
  return {
    order: found ? { name: found.name, public_key: null } : creates ? { name: free_name, public_key } : null,
    row: {
      kind: "keypair",
      source: { id: name, name, ...(source.keypair ? { detail: source.keypair.fingerprint } : {}) },
      target: found ? { id: found.id, name: found.name } : made,
      creates,
      why: chosen
        ? "chosen"
        : found
          ? "same public key"
          : creates
            ? "Its public key is imported."
            : "It belongs to another user of the site and cannot be read; the key stays in the disk.",
      choices: candidates.map((keypair) => ({
        id: keypair.id,
        name: keypair.name,
        why: keypair.fingerprint,
        fits: true,
      })),
    },
  };
}
