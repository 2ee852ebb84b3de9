import { instant, text } from "./body.ts";
import type { Normalise } from "./normalised.ts";
import { searchText } from "./search-text.ts";

/**
 * A keypair of `GET /os-keypairs`; `type` from 2.2. It belongs to the user, not to the project, and its name is its
 * id: two projects that see the same name and fingerprint at a site see one keypair.
 */
export const normaliseKeypair: Normalise<{ fingerprint: string; type: string }> = (body) => {
  const name = text(body, "name");
  if (name === null) return undefined;
  const fingerprint = text(body, "fingerprint") ?? "";
  return {
    id: name,
    name,
    status: null,
    created_at: instant(body, "created_at"),
    updated_at: null,
    search: searchText({}, [name, fingerprint]),
    facts: { fingerprint, type: text(body, "type") ?? "ssh" },
    shared_id: `${name} ${fingerprint}`,
    raw: body,
  };
};
