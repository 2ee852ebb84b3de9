import type { FastifyInstance, FastifyRequest } from "fastify";
import { createRateLimit } from "../../http/rate-limit.ts";
import { pathOf } from "../../http/request-log.ts";
import { type Identity, readAuthRequest } from "./auth-request.ts";
import { authenticate } from "./authenticate.ts";
import { chooseScope } from "./choose-scope.ts";
import type { GatewayToken } from "./gateway-token.ts";
import { KeystoneError } from "./keystone-error.ts";
import { admit, catalogOf, type GatewayParts } from "./parts.ts";
import { linksTo, presentDomain, presentProject } from "./present-project.ts";
import { presentToken } from "./present-token.ts";
import { publicUrlOf } from "./public-url.ts";
import { clientUserId } from "./user-ids.ts";

/** Wrong tries of one address under one name, and of one address under whatever names; right ones do not count. */
const WRONG_PER_NAME = { burst: 10, per_minute: 5 };
const WRONG_PER_ADDRESS = { burst: 60, per_minute: 30 };

/** `/v3/auth/…`: getting a token, looking at it, revoking it. */
export function registerTokens(
  scope: FastifyInstance,
  parts: GatewayParts,
  public_url: string | undefined,
): void {
  const byName = createRateLimit(WRONG_PER_NAME);
  const byAddress = createRateLimit(WRONG_PER_ADDRESS);
  const shown = async (token: GatewayToken, request: FastifyRequest) =>
    presentToken(
      token,
      wantsCatalog(request) && token.scope !== "unscoped"
        ? await catalogOf(parts, token, publicUrlOf(request, public_url))
        : undefined,
    );

  scope.post("/v3/auth/tokens", async (request, reply) => {
    const { identity, scope: asked } = readAuthRequest(request.body);
    const key = `${request.ip} ${nameOf(identity)}`;
    byAddress.take(request.ip);
    byName.take(key);
    const receipt = request.headers["openstack-auth-receipt"];
    const deps = { ...parts, verify: parts.verifier.verify };
    const who = await authenticate(deps, identity, typeof receipt === "string" ? receipt : undefined);
    byAddress.giveBack(request.ip);
    byName.giveBack(key);
    const chosen = await chooseScope(parts.projects, who, asked);
    const secret = await parts.tokens.issue({
      ...chosen,
      user_id: who.user.id,
      application_credential_id: who.credential?.id ?? null,
      methods: who.methods,
      audit_ids: who.audit_ids,
      not_after: who.by_token?.expires_at,
    });
    const token = await parts.verifier.verify(secret);
    if (!token) throw new KeystoneError(401, "What the token stands on was taken away meanwhile.");
    return reply
      .status(201)
      .header("x-subject-token", secret)
      .send(await shown(token, request));
  });

  scope.get("/v3/auth/tokens", async (request, reply) => {
    const { secret, token } = await subject(parts, request);
    return reply.header("x-subject-token", secret).send(await shown(token, request));
  });

  scope.delete("/v3/auth/tokens", async (request, reply) => {
    const { token } = await subject(parts, request);
    await parts.tokens.revoke(token.id);
    await parts.verifier.revoked();
    return reply.status(204).send();
  });

  scope.get("/v3/auth/catalog", async (request) => {
    const url = publicUrlOf(request, public_url);
    const token = await admit(parts, request);
    if (token.scope === "unscoped") {
      throw new KeystoneError(403, "A token without a scope has no catalog: get one for a project.");
    }
    return { catalog: await catalogOf(parts, token, url), links: linksTo(`${url}/identity/v3/auth/catalog`) };
  });

  for (const path of ["/v3/auth/projects", "/v3/users/:id/projects"]) {
    scope.get<{ Params: { id?: string } }>(path, async (request) => {
      const token = await admit(parts, request);
      const url = publicUrlOf(request, public_url);
      const { id } = request.params;
      if (id !== undefined && id !== clientUserId(token.user_id)) {
        throw new KeystoneError(403, "You may list your own projects only.");
      }
      const { application_credential, project } = token;
      const all = await parts.projects.list(token.user_id);
      const projects = application_credential ? all.filter((one) => one.id === project?.id) : all;
      return {
        projects: projects.map((one) => presentProject(one, url)),
        links: linksTo(url + pathOf(request)),
      };
    });
  }

  scope.get("/v3/auth/domains", async (request) => {
    const token = await admit(parts, request);
    const url = publicUrlOf(request, public_url);
    const domains = token.user_role === "administrator" ? [presentDomain(url)] : [];
    return { domains, links: linksTo(`${url}/identity/v3/auth/domains`) };
  });

  scope.get("/v3/auth/system", async (request) => {
    await admit(parts, request);
    const url = publicUrlOf(request, public_url);
    return { system: [], links: linksTo(`${url}/identity/v3/auth/system`) };
  });
}

/**
 * The token that `X-Subject-Token` holds, if the asking one may see it: their own, or any for an administrator. What
 * is somebody else's is as if it were not there.
 */
async function subject(
  parts: GatewayParts,
  request: FastifyRequest,
): Promise<{ secret: string; token: GatewayToken }> {
  const asking = await admit(parts, request);
  const secret = request.headers["x-subject-token"];
  if (typeof secret !== "string") throw new KeystoneError(400, "The header X-Subject-Token is missing.");
  const token = await parts.verifier.verify(secret);
  const theirs = token?.user_id === asking.user_id || asking.user_role === "administrator";
  if (!token || !theirs) throw new KeystoneError(404, "Could not find the token of X-Subject-Token.");
  return { secret, token };
}

/** `?nocatalog`, whatever its value. */
function wantsCatalog(request: FastifyRequest): boolean {
  return !Object.hasOwn(request.query as object, "nocatalog");
}

/** What wrong tries are counted under. */
function nameOf({ password, totp, application_credential: credential }: Identity): string {
  const user = password?.user ?? totp?.user;
  return (user?.name ?? user?.id ?? credential?.id ?? credential?.name ?? "token").toLowerCase();
}
