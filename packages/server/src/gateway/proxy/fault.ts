import { STATUS_CODES } from "node:http";

/** A refusal of the gateway itself, in the shape that every OpenStack client reads. */
export class GatewayFault extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  /** @param message one sentence, with a remedy where there is one */
  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }

  get body(): string {
    const { status, message } = this;
    return JSON.stringify({ error: { code: status, title: STATUS_CODES[status] ?? "Error", message } });
  }
}

/** How long a client should wait for a site that does not answer: about what the prober needs to see it back. */
const SITE_AWAY_RETRY_S = 15;

export function siteAway(site: string, why: string): GatewayFault {
  return new GatewayFault(503, `The site ${site} cannot be reached: ${why}`, {
    "retry-after": String(SITE_AWAY_RETRY_S),
  });
}

export function notAuthenticated(public_url: string): GatewayFault {
  return new GatewayFault(401, "The request you have made requires authentication.", {
    "www-authenticate": `Keystone uri="${public_url}/identity"`,
  });
}
