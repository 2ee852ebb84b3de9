import { type Body, text } from "./body.ts";

/** Neutron spelled it `tenant_id` alone before Newton. */
export function ownerOf(body: Body): string | null {
  return text(body, "project_id") ?? text(body, "tenant_id");
}
