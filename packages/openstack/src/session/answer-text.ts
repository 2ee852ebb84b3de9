import { SiteUnreachable } from "../errors/site-unreachable.ts";
import { findRows, type SentAnswer } from "../service/sent-rows.ts";
import type { SentOptions } from "../service/service-client.ts";

const REASON_MAX_CHARS = 500;

/** What a body says: JSON where it is JSON. `structured` tells whether it was. */
export interface ReadBody {
  value: unknown;
  structured: boolean;
}

export function readBody(text: string): ReadBody {
  if (text.trim() === "") return { value: undefined, structured: true };
  try {
    return { value: JSON.parse(text), structured: true };
  } catch {
    return { value: text, structured: false };
  }
}

/**
 * The site's own words in an error body. Shapes: Nova and Cinder `{ itemNotFound: { message } }`, Keystone
 * `{ error: { message } }`, Neutron `{ NeutronError: { message } }` (or a string), Placement `{ errors: [{ detail }] }`,
 * keystonemiddleware and WSGI servers `{ message }`, Glance and proxies an HTML page.
 */
export function reasonOf(body: ReadBody): string {
  const found = typeof body.value === "string" ? textOfPage(body.value) : sentenceIn(body.value);
  // Glance puts <br /> even into the message of a JSON error.
  const plain = found
    ?.replace(/<br\s*\/?>/gi, " ")
    .replace(/\s+/g, " ")
    .trim();
  return (plain === undefined || plain === "" ? "no reason given." : plain).slice(0, REASON_MAX_CHARS);
}

/** Opens the envelope that the caller named. */
export function openEnvelope(
  value: unknown,
  field: string,
  asked: string,
  host: string,
): Record<string, unknown> {
  if (typeof value === "object" && value !== null && field in value) return value as Record<string, unknown>;
  throw lacks(field, asked, host);
}

/** Opens an answer that is wanted as it was sent. */
export function openSent(
  bytes: Uint8Array<ArrayBuffer>,
  { require: field, fields }: SentOptions,
  asked: string,
  host: string,
): SentAnswer {
  let found: SentAnswer | undefined;
  try {
    found = findRows(bytes, field, fields);
  } catch (cause) {
    const message = `${host} answered ${asked} with something that is not JSON. Check the URL.`;
    throw new SiteUnreachable("not_openstack", host, message, { cause });
  }
  if (found === undefined) throw lacks(field, asked, host);
  return found;
}

function lacks(field: string, asked: string, host: string): SiteUnreachable {
  const message = `${host} answered ${asked} without '${field}'. Check that the URL leads to an OpenStack API.`;
  return new SiteUnreachable("not_openstack", host, message);
}

function sentenceIn(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  for (const name of ["message", "detail", "faultstring", "title"]) {
    const said = fields[name];
    if (typeof said === "string" && said !== "") return said;
  }
  for (const inner of Object.values(fields)) {
    const said = typeof inner === "number" ? undefined : sentenceIn(inner);
    if (said !== undefined) return said;
  }
  return undefined;
}

function textOfPage(page: string): string | undefined {
  const body = /<body[^>]*>([\s\S]*)<\/body>/i.exec(page)?.[1] ?? page;
  const words = body.replace(/<h1>[\s\S]*?<\/h1>/i, " ").replace(/<[^>]*>/g, " ");
  const text = words.replaceAll("&nbsp;", " ").replaceAll("&amp;", "&").replace(/\s+/g, " ").trim();
  const title = /<title>([\s\S]*?)<\/title>/i.exec(page)?.[1]?.trim();
  return text !== "" ? text : title;
}
