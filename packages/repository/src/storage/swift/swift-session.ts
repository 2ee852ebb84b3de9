import { Agent, type Dispatcher, request } from "undici";
import { StorageRefused } from "../storage-refused.ts";
import { StorageUnavailable } from "../storage-unavailable.ts";
import { signIn } from "./sign-in.ts";
import type { SwiftSignIn, SwiftTicket } from "./swift-access.ts";

const CONNECT_MS = 10_000;
/** Without a byte for this long, a connection counts as dead. */
const SILENCE_MS = 60_000;
const MAX_CONNECTIONS = 32;

export interface SwiftCall {
  readonly method: "GET" | "HEAD" | "PUT" | "DELETE";
  /** Below the account, encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** An account, signed in to when it is first needed, and again when its token is not taken any more. */
export class SwiftSession {
  readonly #access: SwiftSignIn;
  readonly #dispatcher: Dispatcher;
  #ticket: Promise<SwiftTicket> | undefined;

  /** @param ca PEM of the authorities that sign the server's certificate, where the system does not know them */
  constructor(access: SwiftSignIn, ca?: string) {
    this.#access = access;
    this.#dispatcher = new Agent({
      connections: MAX_CONNECTIONS,
      connect: { timeout: CONNECT_MS, ...(ca ? { ca } : {}) },
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
    });
  }

  /** The answer, whatever its status. @throws StorageRefused when a new token is not taken either */
  async call(what: string, call: SwiftCall): Promise<Dispatcher.ResponseData> {
    const first = this.#signedIn();
    const answer = await this.#send(what, await first, call);
    if (answer.statusCode !== 401) return answer;
    await answer.body.dump();
    if (this.#ticket === first) this.#ticket = undefined; // others that met the same 401 sign in once, too
    const ticket = await this.#signedIn();
    const second = await this.#send(what, ticket, call);
    if (second.statusCode !== 401) return second;
    await second.body.dump();
    throw new StorageRefused(
      `${what} failed: ${hostOf(ticket)} answered 401 to a new token: give this user a role on the account`,
    );
  }

  #signedIn(): Promise<SwiftTicket> {
    if (this.#ticket) return this.#ticket;
    const ticket = signIn(this.#dispatcher, this.#access);
    this.#ticket = ticket;
    ticket.catch(() => {
      if (this.#ticket === ticket) this.#ticket = undefined; // the next call tries again
    });
    return ticket;
  }

  async #send(what: string, ticket: SwiftTicket, { method, path, headers, body }: SwiftCall) {
    try {
      return await request(ticket.account_url + path, {
        dispatcher: this.#dispatcher,
        method,
        headers: { "x-auth-token": ticket.token, ...headers },
        ...(body ? { body } : {}),
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message || error.name : String(error);
      throw new StorageUnavailable(`${what} failed: ${hostOf(ticket)}: ${reason}`, { cause: error });
    }
  }
}

const hostOf = ({ account_url }: SwiftTicket) => `Swift at ${new URL(account_url).host}`;
