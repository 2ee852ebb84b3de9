import { html, escapeHtml as text } from "./html.ts";
import { describeSchema, type JsonSchema } from "./reference-schema.ts";

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security?: unknown[];
  parameters: { name: string; in: string; required: boolean; description?: string; schema: JsonSchema }[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: JsonSchema }> }>;
}

interface Document {
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema> };
}

interface Row {
  method: string;
  path: string;
  operation: Operation;
}

const INTRODUCTION = `<p>Everything that the console and the command line do goes through this API. Authenticate with an API token:
<code>Authorization: Bearer uvt_…</code> (make one in the console, or with <code>POST /api/v1/tokens</code>).</p>
<p>Bodies are JSON in snake_case; instants are ISO 8601 in UTC. Every error is
<a href="#schema-Problem"><code>application/problem+json</code></a> (RFC 9457) with one clear sentence and, where there is one, a remedy.
Lists over sites never fail whole: <code>sites</code> says per site how old its part is. Lists go on with
<code>cursor=next_cursor</code>. A POST that creates takes an <code>Idempotency-Key</code>. Changes are told by server-sent events at
<code>GET /api/v1/events</code>. The same as a machine reads it: <a href="/api/openapi.json">openapi.json</a>.</p>`;

/** The OpenAPI document as one page to read: operations by tag, then schemas. No script, nothing from elsewhere. */
export function writeReferencePage(document: Record<string, unknown>): string {
  const { info, paths, components } = document as unknown as Document;
  const rows: Row[] = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const tags = Map.groupBy(rows, (row) => row.operation.tags[0] ?? "other");
  const nav = [...tags].map(
    ([tag, of]) =>
      html`<li><a href="#tag-${tag}">${tag}</a><ul>${of.map(
        (row) => html`<li><a href="#${row.operation.operationId}">${row.operation.operationId}</a></li>`,
      )}</ul></li>`,
  );
  const sections = [...tags].map(
    ([tag, of]) => html`<section id="tag-${tag}"><h2>${tag}</h2>${of.map(operationSection)}</section>`,
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      html`<section class="schema" id="schema-${name}"><h3>${name}</h3>${describeSchema(schema)}</section>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${text(info.title)} API ${text(info.version)}</title><style>${STYLE}</style></head><body>
<nav aria-label="Contents"><strong>${text(info.title)} API</strong><ul>${nav.join("")}
<li><a href="#schemas">schemas</a></li></ul></nav>
<main><h1>${text(info.title)} API <small>${text(info.version)}</small></h1>${INTRODUCTION}${sections.join("")}
<h2 id="schemas">schemas</h2>${schemas.join("")}</main></body></html>`;
}

function operationSection({ method, path, operation }: Row) {
  const { operationId, summary, description, security, parameters, requestBody, responses } = operation;
  const body = requestBody?.content["application/json"]?.schema;
  const answers = Object.entries(responses).filter(([status]) => status !== "default");
  return html`<article id="${operationId}"><h3><span class="method ${method.toLowerCase()}">${method}</span> <code>${path}</code></h3>
<p>${summary}${summary.endsWith(".") ? "" : "."} ${description ?? ""}${security ? " Needs no sign-in." : ""}</p>
${parameters.length > 0 ? html`<h4>Parameters</h4><dl>${parameters.map(parameterRow)}</dl>` : ""}
${body ? html`<h4>Body</h4>${describeSchema(body)}` : ""}
${answers.map(([status, answer]) => {
  const schema = answer.content?.["application/json"]?.schema;
  return html`<h4>Answer ${status}</h4>${schema ? describeSchema(schema) : html`<p>No body.</p>`}`;
})}</article>`;
}

function parameterRow({ name, in: place, required, description, schema }: Operation["parameters"][number]) {
  return html`<dt><code>${name}</code> <small>${place}${required ? ", required" : ""}</small></dt><dd>${description ?? ""} ${describeSchema(schema)}</dd>`;
}

const STYLE = `
:root{--line:#8884;--dim:#777;--ink:#0b62c4}@media(prefers-color-scheme:dark){:root{--dim:#999;--ink:#7db7ff}}
body{margin:0;font:15px/1.5 system-ui,sans-serif;display:grid;grid-template-columns:15rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.2rem;border-right:1px solid var(--line);box-sizing:border-box;font-size:13px}
nav ul{list-style:none;padding-left:.7rem;margin:.2rem 0}main{padding:1.2rem 2rem 6rem;max-width:60rem}
a{color:var(--ink);text-decoration:none}a:hover,a:focus{text-decoration:underline}
article,section.schema{border-top:1px solid var(--line);padding:.4rem 0 1rem}h2{text-transform:capitalize;margin-top:2.5rem}
h4{margin:.8rem 0 .2rem;font-size:13px;color:var(--dim)}small{color:var(--dim);font-weight:normal}code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}
dl{margin:.2rem 0 .2rem .6rem;padding-left:.8rem;border-left:2px solid var(--line)}dd{margin:0 0 .4rem 1rem}dd>dl{margin-left:0}p{margin:.3rem 0}
.method{font:600 12px ui-monospace,monospace;padding:.15rem .45rem;border-radius:4px;color:#fff;background:#57606a}
.get{background:#1a7f37}.post{background:#0b62c4}.put,.patch{background:#9a6700}.delete{background:#cf222e}
@media(max-width:50rem){body{display:block}nav{position:static;height:auto;border:0}}`;
