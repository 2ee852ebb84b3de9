import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Credential } from "./credential-store.ts";
import type { GatewayToken } from "./gateway-token.ts";
import { KeystoneError, notThere } from "./keystone-error.ts";
import { admit, type GatewayParts } from "./parts.ts";
import { linksTo } from "./present-project.ts";
import { publicUrlOf } from "./public-url.ts";
import { presentRole } from "./roles.ts";
import { clientUserId } from "./user-ids.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
const MAX_RULES = 100;
/** Of a secret that a client chooses. */
const MIN_SECRET_LENGTH = 16;

const Rule = z.union([
  z.object({
    service: z.string().min(1).max(64),
    method: z.enum(METHODS),
    path: z.string().max(255).startsWith("/"),
  }),
  z.object({ id: z.string().max(64) }),
]);
const CreateBody = z.object({
  application_credential: z.object({
    name: z.string().min(1).max(255),
    description: z.string().max(1024).nullish(),
    secret: z.string().min(MIN_SECRET_LENGTH).max(255).nullish(),
    expires_at: z.string().max(64).nullish(),
    roles: z
      .array(z.object({ id: z.string().optional(), name: z.string().optional() }))
      .max(16)
      .nullish(),
    unrestricted: z.boolean().nullish(),
    access_rules: z.array(Rule).max(MAX_RULES).nullish(),
    /** Ours: use what the site has instead where it lacks the version asked for. */
    uniview_broker: z.boolean().nullish(),
  }),
});

type OfUser = { Params: { user_id: string } };
type OneOfUser = { Params: { user_id: string; id: string } };

/** `/v3/users/{id}/application_credentials` and `…/access_rules`: everybody's own. */
export function registerCredentials(
  scope: FastifyInstance,
  parts: GatewayParts,
  public_url: string | undefined,
): void {
  const { credentials, rules } = parts;
  const baseOf = (request: FastifyRequest, token: GatewayToken) =>
    `${publicUrlOf(request, public_url)}/identity/v3/users/${clientUserId(token.user_id)}`;
  const present = ({ id, access_rules, ...row }: Credential, base: string) => ({
    id,
    name: row.name,
    description: row.description,
    project_id: row.project_id,
    user_id: clientUserId(row.user_id),
    roles: row.roles.map(presentRole),
    unrestricted: row.unrestricted,
    expires_at: row.expires_at_exact,
    uniview_broker: row.broker,
    ...(access_rules.length === 0 ? {} : { access_rules }),
    links: { self: `${base}/application_credentials/${id}` },
  });

  scope.post<OfUser>("/v3/users/:user_id/application_credentials", async (request, reply) => {
    const token = await admitOwner(parts, request);
    mayManage(token);
    if (token.scope !== "project" || !token.project) {
      throw new KeystoneError(403, "An application credential belongs to a project: use a token of one.");
    }
    const read = CreateBody.safeParse(request.body);
    if (!read.success) {
      const [issue] = read.error.issues;
      throw new KeystoneError(
        400,
        `${issue?.path.join(".") ?? "The body"}: ${issue?.message ?? "is not valid"}`,
      );
    }
    const wish = read.data.application_credential;
    const { credential, secret } = await credentials.create({
      user_id: token.user_id,
      project_id: token.project.id,
      name: wish.name,
      description: wish.description ?? undefined,
      secret: wish.secret ?? undefined,
      roles: chosenRoles(token, wish.roles ?? undefined),
      unrestricted: wish.unrestricted ?? false,
      broker: wish.uniview_broker ?? false,
      expires_at: readExpiry(wish.expires_at ?? undefined),
      access_rules: (wish.access_rules ?? []).map((rule) => ("id" in rule ? rule.id : rule)),
    });
    const shown = present(credential, baseOf(request, token));
    return reply.status(201).send({ application_credential: { ...shown, secret } });
  });

  scope.get<OfUser & { Querystring: { name?: string } }>(
    "/v3/users/:user_id/application_credentials",
    async (request) => {
      const token = await admitOwner(parts, request);
      const base = baseOf(request, token);
      const all = await credentials.list(token.user_id, request.query.name);
      return {
        application_credentials: all.map((one) => present(one, base)),
        links: linksTo(`${base}/application_credentials`),
      };
    },
  );

  scope.get<OneOfUser>("/v3/users/:user_id/application_credentials/:id", async (request) => {
    const token = await admitOwner(parts, request);
    const found = await credentials.find(token.user_id, request.params.id);
    if (!found) throw notThere("application credential", request.params.id);
    return { application_credential: present(found, baseOf(request, token)) };
  });

  scope.delete<OneOfUser>("/v3/users/:user_id/application_credentials/:id", async (request, reply) => {
    const token = await admitOwner(parts, request);
    mayManage(token);
    const { id } = request.params;
    if (!(await credentials.remove(token.user_id, id))) throw notThere("application credential", id);
    await parts.verifier.revoked();
    return reply.status(204).send();
  });

  scope.get<OfUser>("/v3/users/:user_id/access_rules", async (request) => {
    const token = await admitOwner(parts, request);
    const base = baseOf(request, token);
    const all = await rules.list(token.user_id);
    return {
      access_rules: all.map((rule) => ({ ...rule, links: { self: `${base}/access_rules/${rule.id}` } })),
      links: linksTo(`${base}/access_rules`),
    };
  });

  scope.get<OneOfUser>("/v3/users/:user_id/access_rules/:id", async (request) => {
    const token = await admitOwner(parts, request);
    const rule = await rules.find(token.user_id, request.params.id);
    if (!rule) throw notThere("access rule", request.params.id);
    return { access_rule: rule };
  });

  scope.delete<OneOfUser>("/v3/users/:user_id/access_rules/:id", async (request, reply) => {
    const token = await admitOwner(parts, request);
    mayManage(token);
    const { id } = request.params;
    const outcome = await rules.remove(token.user_id, id);
    if (outcome === "not-there") throw notThere("access rule", id);
    if (outcome === "held") {
      throw new KeystoneError(
        403,
        `The access rule ${id} is in use by an application credential: delete that first.`,
      );
    }
    return reply.status(204).send();
  });
}

/** Somebody else's are as if they were not there. */
async function admitOwner(parts: GatewayParts, request: FastifyRequest<OfUser>): Promise<GatewayToken> {
  const token = await admit(parts, request);
  const { user_id } = request.params;
  if (user_id !== clientUserId(token.user_id)) throw notThere("user", user_id);
  return token;
}

/** A credential that leaked must not make others that outlive it. */
function mayManage({ application_credential: credential }: GatewayToken): void {
  if (!credential || credential.unrestricted) return;
  throw new KeystoneError(
    403,
    "This application credential is restricted: it may not make or delete credentials.",
  );
}

function chosenRoles(
  token: GatewayToken,
  wanted: readonly { id?: string | undefined; name?: string | undefined }[] | undefined,
): readonly string[] {
  if (!wanted || wanted.length === 0) return token.roles;
  return wanted.map(({ id, name }) => {
    const role = token.roles.find((one) => (id === undefined ? one === name : presentRole(one).id === id));
    if (!role)
      throw new KeystoneError(400, `You do not have the role ${id ?? name ?? "(none)"} in this project.`);
    return role;
  });
}

/** Clients send it with or without `Z`; it is UTC. */
function readExpiry(text: string | undefined): string | null {
  if (text === undefined) return null;
  const utc = /Z|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`;
  const instant = new Date(utc);
  if (Number.isNaN(instant.getTime()))
    throw new KeystoneError(400, `expires_at "${text}" is no instant of ISO 8601.`);
  if (instant.getTime() <= Date.now()) throw new KeystoneError(400, `expires_at "${text}" is in the past.`);
  return utc; // not through Date, which drops the microseconds
}
