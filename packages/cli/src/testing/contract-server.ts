import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { API_PREFIX, allEndpoints, EVENTS_PATH, type endpoints, Problem } from "@uniview/api";

export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly headers: IncomingMessage["headers"];
}

export type Answers = Partial<
  Record<keyof typeof endpoints, (call: Call, response: ServerResponse) => unknown>
>;

export interface ContractServer extends AsyncDisposable {
  readonly url: string;
  /** `METHOD /path?query` of each call, in their order. */
  readonly calls: string[];
  /** Tells every listener of the stream of changes. */
  tell(change: unknown): void;
  /** Resolves when somebody listens to the stream of changes. */
  readonly heard: Promise<void>;
}

/**
 * A server that speaks the contract: requests are validated by it, answers too, so that a test cannot
 * feed the CLI with what the real server would never send. An answer may be a `Problem`, thrown.
 */
export async function serveContract(answers: Answers, port = 0): Promise<ContractServer> {
  const calls: string[] = [];
  const listeners = new Set<ServerResponse>();
  const heard = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const path = url.pathname.slice(API_PREFIX.length);
    if (path === EVENTS_PATH) {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(": hello\n\n");
      listeners.add(response);
      heard.resolve();
      return;
    }
    calls.push(
      `${request.method} ${decodeURIComponent(path)}${decodeURIComponent(url.search.replaceAll("+", " "))}`,
    );
    try {
      await answer(answers, request, path, url, response);
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem("internal-error", String(error));
      response.writeHead(problem.status, { "content-type": "application/problem+json" });
      response.end(JSON.stringify(problem));
    }
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    heard: heard.promise,
    tell(change) {
      for (const listener of listeners) listener.write(`data: ${JSON.stringify(change)}\n\n`);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  answers: Answers,
  request: IncomingMessage,
  path: string,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  const candidates = allEndpoints.filter(({ method }) => method === request.method);
  const endpoint = candidates
    .sort((one, other) => one.path.split("{").length - other.path.split("{").length)
    .find((each) => patternOf(each.path).test(path));
  const reply = endpoint && answers[endpoint.id as keyof typeof endpoints];
  if (!endpoint || !reply) throw new Problem("not-found", `The test answers no ${request.method} ${path}.`);
  const params = { ...patternOf(endpoint.path).exec(path)?.groups };
  for (const [key, value] of Object.entries(params)) params[key] = decodeURIComponent(value);
  const query = Object.fromEntries(url.searchParams);
  const text = await textOf(request);
  endpoint.query?.parse(query);
  const body: unknown = endpoint.body ? endpoint.body.parse(JSON.parse(text)) : undefined;
  const result = await reply({ params, query, body, headers: request.headers }, response);
  if (endpoint.status === 204) {
    response.writeHead(204).end();
    return;
  }
  endpoint.response?.parse(result);
  response.writeHead(endpoint.status, { "content-type": "application/json" }).end(JSON.stringify(result));
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
