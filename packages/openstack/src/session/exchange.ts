import { setTimeout as delay } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { OpenStackError } from "../errors/openstack-error.ts";
import { SiteUnreachable } from "../errors/site-unreachable.ts";
import type { Answer, Method } from "../service/service-client.ts";
import type { ServiceType } from "../service/service-types.ts";
import { type ReadBody, readBody, reasonOf } from "./answer-text.ts";
import { enterAll, type Gate } from "./gate.ts";
import { asSiteUnreachable, deadlinePassed } from "./network-problem.ts";
import { isRepeatable, isWorthRepeating, MAX_TRIES, pauseBefore, readRetryAfter } from "./retry.ts";
import { RetryBudget } from "./retry-budget.ts";
import type { RequestRecord } from "./session-types.ts";
import type { Wire } from "./wire.ts";

/** Where a call gets its token, and whom it tells that the site no longer takes it. */
export interface TokenSource {
  current(): Promise<string>;
  discard(token: string): void;
}

export interface Order {
  service: ServiceType;
  method: Method;
  url: URL;
  headers: Record<string, string>;
  body?: string | undefined;
  /** Told of, because the URL of an action does not say which one it is. */
  action?: string | undefined;
  microversion?: string | undefined;
  /** undefined: without a token, and past the gate (authentication itself must not queue behind who waits for it). */
  tokens?: TokenSource | undefined;
  signal?: AbortSignal | undefined;
  timeout_ms?: number | undefined;
  idempotent?: boolean | undefined;
  /** The body of a fine answer is wanted as it came: a `Uint8Array` with memory of its own. */
  as_sent?: boolean | undefined;
  /** A status beyond 2xx that is fine: 300 for version documents. */
  also_ok?: number | undefined;
}

export interface ExchangeOptions {
  wire: Wire;
  /** All of them have to let a call through, in this order. */
  gates: readonly Gate[];
  timeout_ms: number;
  on_request: (record: RequestRecord) => void;
}

interface Try extends Answer<ReadBody> {
  retry_after_ms: number | undefined;
}

/** Sends JSON calls: queue, deadline, token, tries. Knows nothing of services or catalogs. */
export class Exchange {
  readonly #wire: Wire;
  readonly #gates: readonly Gate[];
  readonly #budget = new RetryBudget();
  readonly #timeout_ms: number;
  readonly #tell: (record: RequestRecord) => void;

  constructor(options: ExchangeOptions) {
    this.#wire = options.wire;
    this.#gates = options.gates;
    this.#timeout_ms = options.timeout_ms;
    this.#tell = options.on_request;
  }

  /** @throws OpenStackError, SiteUnreachable, or the reason of the caller's own signal */
  async call(order: Order): Promise<Answer<unknown>> {
    if (order.tokens === undefined) return await this.#untilAnswered(order);
    const leave = await enterAll(this.#gates, order.signal);
    try {
      return await this.#untilAnswered(order);
    } finally {
      leave();
    }
  }

  async #untilAnswered(order: Order): Promise<Answer<unknown>> {
    const timeout_ms = order.timeout_ms ?? this.#timeout_ms;
    const deadline = AbortSignal.timeout(timeout_ms);
    const ends_at = performance.now() + timeout_ms;
    const signal = order.signal === undefined ? deadline : AbortSignal.any([deadline, order.signal]);
    try {
      return await this.#tryAndTryAgain(order, signal, ends_at);
    } catch (error) {
      order.signal?.throwIfAborted();
      if (deadline.aborted && !(error instanceof OpenStackError)) {
        throw deadlinePassed(order.url.host, timeout_ms, error);
      }
      throw error;
    }
  }

  async #tryAndTryAgain(order: Order, signal: AbortSignal, ends_at: number): Promise<Answer<unknown>> {
    const repeatable = isRepeatable(order.method, order.idempotent);
    let renewed = false;
    let lost = false;
    for (let attempt = 1; ; attempt += 1) {
      const token = await order.tokens?.current();
      const answer = await this.#tryOnce(order, token, signal, attempt).catch((error: unknown) => {
        const is_lost = error instanceof SiteUnreachable && error.kind === "reset";
        if (!is_lost || !repeatable || attempt >= MAX_TRIES || signal.aborted) throw error;
        if (!this.#budget.spend()) throw error;
        lost = true;
      });
      if (answer === undefined) {
        await delay(pauseBefore(attempt, undefined), undefined, { signal });
        continue;
      }
      if (answer.status === 401 && token !== undefined && !renewed) {
        order.tokens?.discard(token);
        renewed = true;
        continue;
      }
      if (isFine(answer.status, order)) {
        this.#budget.refund();
        return checked(order, answer);
      }
      // The deletion whose answer was lost had worked.
      if (answer.status === 404 && lost && order.method === "DELETE")
        return { ...answer, status: 204, body: undefined };
      const { retry_after_ms } = answer;
      const pause_ms = pauseBefore(attempt, retry_after_ms);
      const again = attempt < MAX_TRIES && isWorthRepeating(answer.status, repeatable, retry_after_ms);
      // Waiting beyond the deadline would only hide what the site said.
      if (!again || performance.now() + pause_ms >= ends_at || !this.#budget.spend())
        throw refusal(order, answer);
      await delay(pause_ms, undefined, { signal });
    }
  }

  async #tryOnce(
    order: Order,
    token: string | undefined,
    signal: AbortSignal,
    attempt: number,
  ): Promise<Try> {
    const started = performance.now();
    const { method, url, headers, body } = order;
    const authorized = token === undefined ? headers : { ...headers, "x-auth-token": token };
    let answer: Try | undefined;
    let problem: string | undefined;
    try {
      const response = await this.#wire.call({
        method,
        url,
        headers: authorized,
        body,
        signal,
        idle_timeout_ms: 0,
      });
      answer = await readAnswer(response, order);
      return answer;
    } catch (error) {
      const unreachable = asSiteUnreachable(error, url.host);
      problem = unreachable instanceof Error ? unreachable.message : String(unreachable);
      throw unreachable;
    } finally {
      this.#tell({
        service: order.service,
        method,
        path: url.pathname + url.search,
        url_host: url.host,
        attempt,
        status: answer?.status,
        request_id: answer?.request_id,
        microversion: order.microversion,
        duration_ms: performance.now() - started,
        action: order.action,
        reason: answer !== undefined && answer.status >= 400 ? reasonOf(answer.body) : undefined,
        problem,
      });
    }
  }
}

async function readAnswer(response: Dispatcher.ResponseData, order: Order): Promise<Try> {
  const as_sent = order.as_sent === true && isFine(response.statusCode, order);
  const body = as_sent
    ? { value: await response.body.bytes(), structured: true }
    : readBody(await response.body.text());
  const headers = flatHeaders(response);
  const retry_after_ms = readRetryAfter(headers["retry-after"], Date.now());
  return { status: response.statusCode, headers, body, request_id: requestIdIn(headers), retry_after_ms };
}

export function flatHeaders(response: Dispatcher.ResponseData): Record<string, string | undefined> {
  const pairs = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(", ")]);
  return Object.fromEntries(pairs);
}

export function requestIdIn(headers: Readonly<Record<string, string | undefined>>): string | undefined {
  return headers["x-openstack-request-id"] ?? headers["x-compute-request-id"];
}

function isFine(status: number, order: Order): boolean {
  return (status >= 200 && status < 300) || status === order.also_ok;
}

function checked(order: Order, answer: Try): Answer<unknown> {
  const { body, status, headers, request_id } = answer;
  if (body.structured) return { status, headers, request_id, body: body.value };
  const { host } = order.url;
  const what = `${host} answered ${order.method} ${order.url.pathname} with something that is not JSON`;
  throw new SiteUnreachable(
    "not_openstack",
    host,
    `${what} (${reasonOf(body).slice(0, 80)}). Check the URL.`,
  );
}

function refusal(order: Order, answer: Try): OpenStackError {
  const { service, method, url, microversion } = order;
  return new OpenStackError({
    service,
    method,
    path: url.pathname + url.search,
    status: answer.status,
    message: reasonOf(answer.body),
    structured: answer.body.structured,
    request_id: answer.request_id,
    microversion,
    url_host: url.host,
    retry_after_ms: answer.retry_after_ms,
  });
}
