import { instant, objects, text, texts, truth } from "./body.ts";
import type { Normalise } from "./normalised.ts";
import { ownerOf } from "./owner.ts";
import { searchText } from "./search-text.ts";

/** A security group of `GET /v2.0/security-groups`: the project's own and, from Zed on, those shared with it. */
export const normaliseSecurityGroup: Normalise<{ description: string; rules_count: number }> = (
  body,
  { project_id },
) => {
  const id = text(body, "id");
  const owner = ownerOf(body);
  if (id === null || (owner !== null && owner !== project_id && !truth(body, "shared"))) return undefined;
  const name = text(body, "name") ?? id;
  const description = text(body, "description") ?? "";
  return {
    id,
    name,
    status: null,
    created_at: instant(body, "created_at"),
    updated_at: instant(body, "updated_at"),
    search: searchText({}, [name, id, description, ...texts(body, "tags")]),
    facts: { description, rules_count: objects(body, "security_group_rules").length },
    shared_id: id,
    raw: body,
  };
};
