import type { Body } from "./normalise/body.ts";

/** A resource as its site sent it. */
export interface SentBody {
  readonly body: Body;
  /** The same in UTF-8. */
  readonly raw_json: Buffer;
}

/** NUL and half surrogate pairs, as `JSON.stringify` escapes them; an even number of backslashes before is text. */
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/**
 * Reads a resource. PostgreSQL, and many a client, cannot keep every string that JSON can spell: the rest becomes
 * U+FFFD. JSON that escapes nothing by its code has no such string, and is kept as it came.
 *
 * @throws SyntaxError the site sent no JSON
 */
export function readSentBody(sent: Buffer): SentBody {
  const json = sent.toString();
  const body = JSON.parse(json);
  if (!json.includes("\\u")) return { body, raw_json: sent };
  const spelled = JSON.stringify(body);
  const storable = spelled.replace(UNSTORABLE, "$1\\ufffd");
  return {
    body: storable === spelled ? body : JSON.parse(storable),
    raw_json: Buffer.from(storable),
  };
}
