import { rewriteConsole } from "../console/console-url.ts";
import { type ServiceView, type SiteView, toPublicByVersion, toPublicUrl, toSiteUrl } from "./site-view.ts";

/** Where in a JSON body a link may stand. Text elsewhere is the user's own, whatever it looks like. */
const LINK =
  /"((?:href|self|next|previous|prev|first|last|location|(?:[a-z]+_)*ref)"\s*:\s*")(https?:\/\/[^"\\\s]*)"/g;
/** References to other services that clients send back: Barbican's. */
const QUOTED_URL = /"(https?:\/\/[^"\\\s]*)"/g;
/** Only ids as Keystone makes them are looked for in bodies: a shorter one could be any word. */
const KEYSTONE_ID = /^[0-9a-f]{32}$/;
/** Of a body in pieces: no link and no id is longer than what is held back at most. */
const MAX_HELD_BACK = 64 * 1024;

/** A call whose answer is rewritten. */
export interface Rewriting {
  readonly view: SiteView;
  readonly service: ServiceView;
  /** The version in the path of the call; undefined for a version document. */
  readonly version: string | undefined;
  /** Where a console is at our address, for the calls that tell one. */
  readonly consoleAt?: (url: URL) => string;
}

/**
 * Turns the site's links and project id in an answer into ours. Nothing else changes, not even the order of keys or
 * the spacing: the body is never parsed. Works on text read as latin1, which keeps every byte.
 */
export function rewriteAnswer(text: string, { view, service, version, consoleAt }: Rewriting): string {
  const { project_id, site_project_id } = view;
  let rewritten = text;
  if (text.includes("http")) {
    rewritten = text.replace(LINK, (whole: string, key: string, url: string) => {
      const ours = toPublicUrl(url, view) ?? toPublicByVersion(url, service, version, view);
      return ours === undefined ? whole : `"${key}${ours}"`;
    });
  }
  if (consoleAt) rewritten = rewriteConsole(rewritten, consoleAt);
  if (!KEYSTONE_ID.test(site_project_id)) return rewritten;
  return rewritten.replaceAll(`"${site_project_id}"`, `"${project_id}"`);
}

/** The other way round, for what a client sends: our id of the project, and references under our address. */
export function rewriteRequest(text: string, view: SiteView): string {
  const { project_id, site_project_id } = view;
  const named = text.includes(project_id) ? text.replaceAll(`"${project_id}"`, `"${site_project_id}"`) : text;
  if (!named.includes("/openstack/")) return named;
  return named.replace(QUOTED_URL, (whole: string, url: string) => {
    const theirs = toSiteUrl(url, view);
    return theirs === undefined ? whole : `"${theirs}"`;
  });
}

/** `rewriteAnswer` for a body that comes in pieces, in constant memory: a piece ends where no link can be cut. */
export class AnswerRewriter {
  readonly #rewriting: Rewriting;
  #held = "";

  constructor(rewriting: Rewriting) {
    this.#rewriting = rewriting;
  }

  push(piece: Buffer): Buffer {
    const text = this.#held + piece.toString("latin1");
    let cut = endOfPiece(text);
    if (text.length - cut > MAX_HELD_BACK) cut = text.length;
    this.#held = text.slice(cut);
    return Buffer.from(rewriteAnswer(text.slice(0, cut), this.#rewriting), "latin1");
  }

  end(): Buffer {
    const rest = this.#held;
    this.#held = "";
    return Buffer.from(rewriteAnswer(rest, this.#rewriting), "latin1");
  }
}

/** Behind the last comma of JSON's own: one within a link is followed by neither a space nor a quote nor a bracket. */
function endOfPiece(text: string): number {
  let comma = text.lastIndexOf(",");
  while (comma >= 0 && !/[\s"{[]/.test(text.charAt(comma + 1))) {
    comma = comma === 0 ? -1 : text.lastIndexOf(",", comma - 1);
  }
  return comma + 1;
}
