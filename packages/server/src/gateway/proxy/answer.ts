import type { ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import { GatewayFault } from "./fault.ts";
import { toClientHeaders } from "./headers.ts";
import { isData, isJson } from "./request-body.ts";
import { AnswerRewriter, type Rewriting, rewriteAnswer } from "./rewrite-json.ts";
import { toPublicUrl } from "./site-view.ts";

/** JSON up to here is answered with its length; longer JSON in chunks, as it comes. */
const MAX_WHOLE_BYTES = 1024 * 1024;

/** Longest time that a client takes nothing of what waits for it. */
const STALLED_MS = 5 * 60_000;

type RawHeaders = readonly (Buffer | string)[];
type Answer = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>;

/** What happens to the body on its way: nothing, links rewritten as it comes, or when it is all there. */
type Passing =
  | { readonly kind: "as_it_is" }
  | { readonly kind: "rewritten"; readonly rewriter: AnswerRewriter }
  | {
      readonly kind: "whole";
      readonly pieces: Buffer[];
      readonly status: number;
      readonly headers: string[];
    };

/** What the gateway itself says in the head of an answer; lists are name and value in turns. */
export interface OwnHeaders {
  readonly request_id: string;
  readonly extra?: readonly string[] | undefined;
  /** Instead of forbidding a browser everything. */
  readonly security?: readonly string[];
}

/** Writes one answer of a site to the client: head, body with back-pressure, end. */
export class AnswerWriter {
  readonly #response: ServerResponse;
  readonly #rewriting: Rewriting;
  readonly #own: OwnHeaders;
  #passing: Passing = { kind: "as_it_is" };

  constructor(response: ServerResponse, rewriting: Rewriting, own: OwnHeaders) {
    this.#response = response;
    this.#rewriting = rewriting;
    this.#own = own;
  }

  /** @throws GatewayFault 502: a redirect away from the site, on which a client would send its token there */
  start(controller: Answer[0], status: number, headers: Answer[2], method: string): void {
    refuseForeignRedirect(status, headers["location"], this.#rewriting);
    const has_body = method !== "HEAD" && status !== 204 && status !== 304;
    const type = headers["content-type"];
    const is_links =
      isJson(typeof type === "string" ? type : undefined) && !isData(this.#rewriting.service.type);
    const rewrites = is_links && headers["content-encoding"] === undefined && status !== 206;
    const raw = controller.rawHeaders as RawHeaders | null | undefined;
    const sent = toClientHeaders(raw ?? [], this.#rewriting.view, {
      keep_length: !rewrites || status === 304,
      request_id: this.#own.request_id,
      security: this.#own.security,
    });
    sent.push(...(this.#own.extra ?? []));
    const length = Number(headers["content-length"] ?? Number.POSITIVE_INFINITY);
    if (rewrites && has_body && length <= MAX_WHOLE_BYTES) {
      this.#passing = { kind: "whole", pieces: [], status, headers: sent };
      return;
    }
    if (rewrites && has_body) {
      this.#passing = { kind: "rewritten", rewriter: new AnswerRewriter(this.#rewriting) };
    }
    this.#response.writeHead(status, sent);
    if (!has_body) this.#response.flushHeaders();
  }

  data(controller: Answer[0], piece: Buffer): void {
    const passing = this.#passing;
    if (passing.kind === "whole") {
      passing.pieces.push(piece);
      return;
    }
    const out = passing.kind === "rewritten" ? passing.rewriter.push(piece) : piece;
    if (out.length === 0 || this.#response.write(out)) return;
    controller.pause();
    // a client that stops reading would keep one of the site's connections for ever
    const response = this.#response;
    const stalled = setTimeout(() => response.destroy(), STALLED_MS);
    const stop = () => clearTimeout(stalled);
    response.once("close", stop);
    response.once("drain", () => {
      stop();
      response.off("close", stop);
      controller.resume();
    });
  }

  end(): void {
    const passing = this.#passing;
    if (passing.kind === "as_it_is") {
      this.#response.end();
    } else if (passing.kind === "rewritten") {
      this.#response.end(passing.rewriter.end());
    } else {
      const { pieces, status, headers } = passing;
      const site_bytes = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
      const text = site_bytes.toString("latin1");
      const mapped = rewriteAnswer(text, this.#rewriting);
      const bytes = mapped === text ? site_bytes : Buffer.from(mapped, "latin1");
      headers.push("content-length", String(bytes.length));
      this.#response.writeHead(status, headers);
      this.#response.end(bytes);
    }
  }
}

function refuseForeignRedirect(
  status: number,
  location: string | string[] | undefined,
  { view }: Rewriting,
): void {
  const leads = status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
  if (!leads || typeof location !== "string" || !/^(?:[a-z]+:)?\/\//i.test(location)) return;
  if (toPublicUrl(location, view) !== undefined) return;
  throw new GatewayFault(
    502,
    "The site redirects to an address that is none of its services; it is not followed.",
  );
}
