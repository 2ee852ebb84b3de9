import { Html, html } from "./html.ts";

/** The part of JSON Schema that the contract's zod schemas become. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
}

/** The largest number that JSON carries exactly: as a bound it says nothing. */
const NO_BOUND = Number.MAX_SAFE_INTEGER;

/** A schema as people read it: its type in one line, then its fields. */
export function describeSchema(schema: JsonSchema): Html {
  const fields = fieldsOf(schema);
  const line = html`${typeOf(schema)}${limitsOf(schema)}`;
  if (!fields) return line;
  const rows = Object.entries(fields.properties ?? {}).map(([name, field]) => {
    const needed = fields.required?.includes(name) ? "" : " optional";
    const deeper = fieldsOf(field) ? describeSchema(field) : html`${typeOf(field)}${limitsOf(field)}`;
    return html`<dt><code>${name}</code><small>${needed}</small></dt><dd>${deeper}${field.description ? html` ${field.description}` : ""}</dd>`;
  });
  return html`${line}<dl>${rows}</dl>`;
}

/** Where the fields are: in the schema itself, or in the items of a list. */
function fieldsOf(schema: JsonSchema): JsonSchema | undefined {
  if (schema.properties) return schema;
  return schema.items?.properties ? schema.items : undefined;
}

function typeOf(schema: JsonSchema): Html {
  if (schema.$ref) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (schema.enum) return html`<code>${schema.enum.map((one) => JSON.stringify(one)).join(" | ")}</code>`;
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return joined(choices.map(typeOf), " or ");
  if (schema.type === "array") return html`list of ${schema.items ? typeOf(schema.items) : "anything"}`;
  if (schema.type === "object" && !schema.properties) {
    const { additionalProperties: values } = schema;
    return html`map of string to ${typeof values === "object" ? typeOf(values) : "anything"}`;
  }
  return html`${[schema.type ?? "anything"].flat().join(" or ")}${schema.format ? ` (${schema.format})` : ""}`;
}

function limitsOf(schema: JsonSchema): Html {
  const { minimum, maximum, minLength, maxLength, pattern, format } = schema;
  const limits = [
    minimum !== undefined && minimum > -NO_BOUND ? `at least ${minimum}` : "",
    maximum !== undefined && maximum < NO_BOUND ? `at most ${maximum}` : "",
    minLength !== undefined ? `${minLength} characters or more` : "",
    maxLength !== undefined ? `${maxLength} characters or fewer` : "",
    pattern !== undefined && format === undefined ? `matches ${pattern}` : "",
    schema.default !== undefined ? `default ${JSON.stringify(schema.default)}` : "",
  ].filter((limit) => limit !== "");
  return limits.length > 0 ? html` <small>${limits.join(", ")}</small>` : new Html("");
}

function joined(parts: readonly Html[], by: string): Html {
  return new Html(parts.map(String).join(by));
}
