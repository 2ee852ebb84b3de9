import { aliasesOf } from "../catalog/service-types.ts";
import type { AccessRule } from "../identity/gateway-token.ts";

export interface RuledCall {
  /** Service type, by any of its names. */
  readonly service: string;
  readonly method: string;
  /** As the service sees it, without query: `/v2.1/servers/1`. */
  readonly path: string;
}

/** Whether one of the rules allows the call, as Keystone's middleware reads them. */
export function allows(rules: readonly AccessRule[], { service, method, path }: RuledCall): boolean {
  const decoded = decode(path);
  if (decoded === undefined) return false;
  return rules.some(
    (rule) =>
      rule.method === method &&
      aliasesOf(rule.service).includes(service) &&
      patternOf(rule.path).test(decoded),
  );
}

/** `{name}` and `*` are one segment, `**` any number of them. */
function patternOf(path: string): RegExp {
  const source = path.replace(/\{[^}]*\}|\*\*|\*|[^{*]+|\{/g, (part) => {
    if (part === "**") return ".*";
    if (part === "*" || /^\{.*\}$/.test(part)) return "[^/]+";
    return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, "s");
}

/** An encoded slash is a slash to the service, so it is one here. */
function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
