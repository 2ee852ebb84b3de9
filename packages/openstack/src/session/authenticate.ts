import { z } from "zod";
import { OpenStackError } from "../errors/openstack-error.ts";
import { SiteUnreachable } from "../errors/site-unreachable.ts";
import type { Answer } from "../service/service-client.ts";
import { authenticationRequest } from "./authentication-request.ts";
import type { Auth } from "./credentials.ts";
import type { Exchange } from "./exchange.ts";
import type { Token } from "./token.ts";

const Domain = z.object({ id: z.string().default("default"), name: z.string().default("Default") });
const Named = z.object({ id: z.string(), name: z.string(), domain: Domain.prefault({}) });

/** The one body whose shape everything else rests on, hence checked field by field. */
const TokenDocument = z.object({
  token: z.object({
    expires_at: z.string(),
    user: Named,
    project: Named.optional(),
    roles: z.array(z.object({ id: z.string(), name: z.string() })).default([]),
    methods: z.array(z.string()).default([]),
    catalog: z
      .array(
        z.object({
          id: z.string().optional(),
          type: z.string(),
          name: z.string().optional(),
          endpoints: z.array(
            z.object({
              id: z.string().optional(),
              interface: z.string(),
              region: z.string().nullish(),
              region_id: z.string().nullish(),
              url: z.string(),
            }),
          ),
        }),
      )
      .default([]),
  }),
});

const NOT_KEYSTONE: readonly number[] = [404, 405, 410, 501];

/**
 * Gets a token.
 *
 * @param identity_url Keystone's URL with `/v3`
 * @throws OpenStackError 401 wrong credential, or one that is gone; 403
 * @throws SiteUnreachable not reachable, or nobody speaks Identity v3 there
 */
export async function authenticate(exchange: Exchange, identity_url: string, auth: Auth): Promise<Token> {
  const url = new URL(`${identity_url}/auth/tokens`);
  const rescoped = auth.type === "token" && auth.project_id === undefined;
  try {
    const headers = { accept: "application/json", "content-type": "application/json" };
    if (rescoped) {
      // A token that is good as it is: validating it tells user, project and catalog.
      const own = { ...headers, "x-auth-token": auth.token, "x-subject-token": auth.token };
      const order = { service: "identity", method: "GET", url, headers: own } as const;
      return readToken(await exchange.call(order), url, auth.token);
    }
    const body = JSON.stringify(authenticationRequest(auth));
    // Getting a token twice does no harm, so a lost answer may be asked for again.
    const order = { service: "identity", method: "POST", url, headers, body, idempotent: true } as const;
    const answer = await exchange.call(order);
    return readToken(answer, url, answer.headers["x-subject-token"]);
  } catch (error) {
    throw explain(error, url, auth);
  }
}

function readToken(answer: Answer<unknown>, url: URL, id: string | undefined): Token {
  const parsed = TokenDocument.safeParse(answer.body);
  if (!parsed.success || id === undefined) throw notKeystone(url, "sent no token", parsed.error);
  const { token } = parsed.data;
  return { ...token, id, project: token.project, catalog: token.catalog as Token["catalog"] };
}

function explain(error: unknown, url: URL, auth: Auth): unknown {
  if (!(error instanceof OpenStackError)) return error;
  if (isGone(error, auth)) return refusal(error, auth);
  const is_page = !error.structured && error.status < 500;
  if (error.status < 400 || NOT_KEYSTONE.includes(error.status) || is_page) {
    return notKeystone(url, `answered ${error.status}`, error);
  }
  return error.status === 401 ? refusal(error, auth) : error;
}

/** Keystone's 404 for an application credential that was deleted (seen with Zed and 2025.1), not for the path. */
function isGone({ status, structured, reason }: OpenStackError, auth: Auth): boolean {
  return status === 404 && structured && auth.type === "application_credential" && GONE.test(reason);
}

const GONE = /^Could not find Application Credential/i;

/** Always a 401: whoever calls has one status for a credential that is not taken, whatever the reason is. */
function refusal(error: OpenStackError, auth: Auth): OpenStackError {
  const says = GENERIC.test(error.reason) ? "" : ` It says: ${error.reason}`;
  return new OpenStackError(
    { ...error, status: 401, message: `${REFUSED[auth.type]}${says}` },
    { cause: error },
  );
}

/** What Keystone says to everything unless it runs with insecure_debug; an expired password it does tell. */
const GENERIC = /^The request you have made requires authentication\.?$/;

const REFUSED: Readonly<Record<Auth["type"], string>> = {
  password:
    "it refuses this user. Check user name, password, the domains of user and project, and the project.",
  application_credential:
    "it refuses this application credential. Check id and secret, and that it still exists.",
  token: "it refuses this token. It has ended or was revoked: bring a new one.",
};

function notKeystone(url: URL, what: string, cause: unknown): SiteUnreachable {
  const asked = `${url.origin}${url.pathname.replace(/\/auth\/tokens$/, "")}`;
  const message = `No OpenStack Identity v3 at ${asked}: it ${what} when asked for a token. Check auth_url.`;
  return new SiteUnreachable("not_openstack", url.host, message, { cause });
}
