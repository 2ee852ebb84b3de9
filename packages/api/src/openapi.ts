import { z } from "zod";
import { API_PREFIX, allEndpoints } from "./contract.ts";
import type { AnyEndpoint } from "./endpoint.ts";
import { ProblemDetail } from "./schemas/terms.ts";

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of the whole contract. */
export function openapiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  const schemas: Record<string, unknown> = {};
  for (const row of allEndpoints) {
    paths[API_PREFIX + row.path] = {
      ...paths[API_PREFIX + row.path],
      [row.method.toLowerCase()]: operation(row, schemas),
    };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Uniview", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => a.localeCompare(b))),
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "An API token" },
        session: { type: "apiKey", in: "cookie", name: "uniview_session" },
      },
    },
  };
}

function operation(row: AnyEndpoint, schemas: Json): Json {
  const ok = row.response
    ? {
        description: "OK",
        content: { "application/json": { schema: schemaOf(row.response, "output", schemas) } },
      }
    : { description: "Done" };
  return {
    operationId: row.id,
    tags: [row.tag],
    summary: row.summary,
    ...(row.description ? { description: row.description } : {}),
    ...(row.access === "none" ? { security: [] } : {}),
    parameters: parametersOf(row, schemas),
    ...(row.body
      ? {
          requestBody: {
            required: true,
            content: { "application/json": { schema: schemaOf(row.body, "input", schemas) } },
          },
        }
      : {}),
    responses: {
      [row.status]: ok,
      default: {
        description: "A problem (RFC 9457)",
        content: { "application/problem+json": { schema: schemaOf(ProblemDetail, "output", schemas) } },
      },
    },
  };
}

function parametersOf(row: AnyEndpoint, schemas: Json): Json[] {
  const places = [
    ["path", row.params],
    ["query", row.query],
  ] as const;
  const named = places.flatMap(([place, schema]) => {
    if (!schema) return [];
    const object = schemaOf(schema, "input", schemas) as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    return Object.entries(object.properties ?? {}).map(([name, { description, ...property }]) => ({
      name,
      in: place,
      required: place === "path" || (object.required?.includes(name) ?? false),
      ...(description ? { description } : {}),
      schema: property,
    }));
  });
  const key = {
    name: "Idempotency-Key",
    in: "header",
    required: false,
    description: "The same key and body give the same answer for 24 hours",
    schema: { type: "string", maxLength: 255 },
  };
  return row.idempotent_by_key ? [...named, key] : named;
}

/** The JSON Schema of a zod schema; schemas with an id become components, referred to by it. */
function schemaOf(schema: z.ZodType, io: "input" | "output", schemas: Json): Json {
  const {
    $defs,
    $schema: _dialect,
    ...root
  } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Json & { $defs?: Json };
  const json = JSON.parse(JSON.stringify(root).replaceAll("#/$defs/", "#/components/schemas/")) as Json;
  for (const [name, part] of Object.entries($defs ?? {})) {
    const { id: _id, ...rest } = JSON.parse(
      JSON.stringify(part).replaceAll("#/$defs/", "#/components/schemas/"),
    ) as Json;
    schemas[name] = rest;
  }
  const { id, ...named } = json;
  if (typeof id !== "string") return json;
  schemas[id] = named;
  return { $ref: `#/components/schemas/${id}` };
}
