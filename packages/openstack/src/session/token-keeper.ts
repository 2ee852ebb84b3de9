import type { Token } from "./token.ts";

/** Renew this long before the end, or at nine tenths of a short token's life. */
const RENEWAL_MARGIN_MS = 5 * 60_000;
const RENEWAL_MARGIN_OF_LIFETIME = 0.1;

/** Keeps one token for all who need it: one request however many ask, renewed before it ends. */
export class TokenKeeper {
  readonly #get: () => Promise<Token>;
  readonly #now: () => number;
  #latest: Token | undefined;
  #renew_at = 0;
  #pending: Promise<Token> | undefined;

  constructor(get: () => Promise<Token>, now: () => number = Date.now) {
    this.#get = get;
    this.#now = now;
  }

  /** The token last got, good or not: what is known about user and project. */
  get latest(): Token | undefined {
    return this.#latest;
  }

  /** @param least_lifetime_ms a token that lives at least so long, where the site gives such long ones */
  current(least_lifetime_ms = 0): Promise<Token> {
    const token = this.#latest;
    const now = this.#now();
    const lives_long_enough = token !== undefined && Date.parse(token.expires_at) - now >= least_lifetime_ms;
    if (lives_long_enough && now < this.#renew_at) return Promise.resolve(token);
    this.#pending ??= this.#fetch().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  /** The site refused this token; ignored when a newer one is here already. */
  discard(id: string): void {
    if (this.#latest?.id === id) this.#renew_at = 0;
  }

  /** The next who asks gets a new one: what came with this one may be out of date. */
  renew(): void {
    this.#renew_at = 0;
  }

  async #fetch(): Promise<Token> {
    const token = await this.#get();
    const now = this.#now();
    const ends = Date.parse(token.expires_at);
    const margin = Math.min(RENEWAL_MARGIN_MS, (ends - now) * RENEWAL_MARGIN_OF_LIFETIME);
    this.#latest = token;
    this.#renew_at = ends - margin;
    return token;
  }
}
