import { hash } from "node:crypto";
import type { Database } from "../../db/database.ts";
import { CHANNELS } from "../../events/hub.ts";
import { GATEWAY_TOKEN_PREFIX, type GatewayToken } from "./gateway-token.ts";
import type { TokenStore } from "./token-store.ts";

/** What was read of a token is believed so long: a revoked one is refused everywhere at the latest then. */
const BELIEVED_MS = 2_000;
/** Tokens remembered at once; beyond it the ones read first are forgotten. */
const MAX_REMEMBERED = 10_000;
/** NOTIFY channel: a token or application credential was revoked. */
const CHANNEL = "gateway";

interface Known {
  readonly token: Promise<GatewayToken | undefined>;
  readonly until: number;
}

export interface TokenVerifier {
  /** What the token says; undefined: it is not one, ended, or was revoked. No query for one seen a moment ago. */
  verify(token: string): Promise<GatewayToken | undefined>;
  /** Call after anything that tokens stand on was taken away: all servers forget what they know. */
  revoked(): Promise<void>;
  close(): void;
}

export async function createTokenVerifier(
  database: Pick<Database, "listen" | "notify">,
  tokens: Pick<TokenStore, "find">,
): Promise<TokenVerifier> {
  const known = new Map<string, Known>();
  const forget = () => known.clear();
  const stops = [
    await database.listen(CHANNEL, forget, forget),
    await database.listen(CHANNELS.grants, forget), // given or taken back; also: a user was deleted
  ];

  return {
    async verify(secret) {
      if (!secret.startsWith(GATEWAY_TOKEN_PREFIX)) return undefined;
      const key = hash("sha256", secret, "base64"); // not the token itself: a dump of our memory must not tell it
      const now = performance.now();
      const found = known.get(key);
      if (found && now < found.until) return unlessEnded(await found.token);
      const token = tokens.find(secret);
      known.delete(key); // and to the end: a Map keeps the order of insertion
      known.set(key, { token, until: now + BELIEVED_MS });
      token.catch(() => known.delete(key));
      const [first] = known.keys();
      if (known.size > MAX_REMEMBERED && first !== undefined) known.delete(first);
      return token;
    },
    async revoked() {
      forget();
      await database.notify(CHANNEL, "");
    },
    close() {
      for (const stop of stops) stop();
    },
  };
}

function unlessEnded(token: GatewayToken | undefined): GatewayToken | undefined {
  return token && Date.parse(token.expires_at) > Date.now() ? token : undefined;
}
