import type { FastifyInstance, FastifyRequest } from "fastify";
import type { PublishedService } from "../catalog/build-catalog.ts";
import { DEFAULT_DOMAIN } from "./domain.ts";
import type { GatewayToken } from "./gateway-token.ts";
import { notThere } from "./keystone-error.ts";
import { admit, catalogOf, type GatewayParts } from "./parts.ts";
import { linksTo, presentDomain, presentProject } from "./present-project.ts";
import { publicUrlOf } from "./public-url.ts";
import { presentRole, rolesOf } from "./roles.ts";
import { clientUserId } from "./user-ids.ts";
import type { KnownUser } from "./user-reader.ts";

interface Asked {
  readonly token: GatewayToken;
  /** Our public address with `/identity/v3`. */
  readonly base: string;
  readonly public_url: string;
}

interface Named {
  readonly id: string;
  readonly name?: string;
}

/**
 * `/v3/{projects,users,domains,roles,regions,services,endpoints}`, to read: each as a list, filtered by what the
 * query names, and one by its id. Everybody sees what is theirs, administrators all users.
 */
export function registerDirectory(
  scope: FastifyInstance,
  parts: GatewayParts,
  public_url: string | undefined,
): void {
  const published = async ({ token, public_url: url }: Asked) => catalogOf(parts, token, url);
  const kinds: Record<string, (asked: Asked) => Promise<Named[]>> = {
    projects: async ({ token, public_url: url }) => {
      const all = await parts.projects.list(token.user_id);
      return all.map((project) => presentProject(project, url));
    },
    users: async ({ token, base }) => {
      if (token.user_role === "administrator")
        return (await parts.users.all()).map((user) => presentUser(user, base));
      return [presentUser({ id: token.user_id, name: token.user_name, role: token.user_role }, base)];
    },
    domains: async ({ public_url: url }) => [presentDomain(url)],
    roles: async ({ base }) =>
      rolesOf("domain").map((name) => {
        const role = presentRole(name);
        return {
          ...role,
          domain_id: null,
          description: null,
          options: {},
          links: { self: `${base}/roles/${role.id}` },
        };
      }),
    regions: async (asked) => {
      const ids = new Set(
        (await published(asked)).flatMap(({ endpoints }) => endpoints.map((one) => one.region_id)),
      );
      return [...ids].sort().map((id) => ({
        id,
        description: "",
        parent_region_id: null,
        links: { self: `${asked.base}/regions/${id}` },
      }));
    },
    services: async (asked) =>
      (await published(asked)).map(({ id, type, name }) => ({
        id,
        type,
        name,
        enabled: true,
        links: { self: `${asked.base}/services/${id}` },
      })),
    endpoints: async (asked) =>
      (await published(asked)).flatMap((service) => presentEndpoints(service, asked.base)),
  };

  const ask = async (request: FastifyRequest): Promise<Asked> => {
    const url = publicUrlOf(request, public_url);
    return { token: await admit(parts, request), base: `${url}/identity/v3`, public_url: url };
  };
  for (const [kind, list] of Object.entries(kinds)) {
    scope.get(`/v3/${kind}`, async (request) => {
      const asked = await ask(request);
      const wanted = Object.entries(request.query as Record<string, unknown>);
      const items = (await list(asked)).filter((item) => wanted.every((filter) => matches(item, ...filter)));
      return { [kind]: items, links: linksTo(`${asked.base}/${kind}`) };
    });
    scope.get<{ Params: { id: string } }>(`/v3/${kind}/:id`, async (request) => {
      const { id } = request.params;
      const found = (await list(await ask(request))).find((item) => item.id === id);
      if (!found) throw notThere(kind.replace(/s$/, ""), id);
      return { [kind.replace(/s$/, "")]: found };
    });
  }
}

/** A filter of the query for a field that the item does not have is none, as in Keystone. */
function matches(item: Named, field: string, wanted: unknown): boolean {
  const value = (item as unknown as Record<string, unknown>)[field];
  return value === undefined || String(value) === String(wanted);
}

function presentUser(user: KnownUser, base: string) {
  const id = clientUserId(user.id);
  return {
    id,
    name: user.name,
    domain_id: DEFAULT_DOMAIN.id,
    enabled: true,
    options: {},
    password_expires_at: null,
    links: { self: `${base}/users/${id}` },
  };
}

function presentEndpoints({ id: service_id, endpoints }: PublishedService, base: string) {
  return endpoints.map((endpoint) => ({
    ...endpoint,
    service_id,
    enabled: true,
    links: { self: `${base}/endpoints/${endpoint.id}` },
  }));
}
