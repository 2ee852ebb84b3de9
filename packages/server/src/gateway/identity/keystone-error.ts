import { STATUS_CODES } from "node:http";
import { Problem } from "@uniview/api";
import { isDatabaseAway } from "@uniview/workflow";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { TooManyRequests } from "../../http/rate-limit.ts";
import { publicUrlOf } from "./public-url.ts";

/** Told to clients as Keystone would tell it. */
export class KeystoneError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Instead of the usual one. */
  readonly body: object | undefined;

  constructor(
    status: number,
    message: string,
    headers: Readonly<Record<string, string>> = {},
    body?: object,
  ) {
    super(message);
    this.name = "KeystoneError";
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** The one sentence of every refused sign-in: whether the user, the password or the project is wrong stays ours. */
export function notAuthenticated(): KeystoneError {
  return new KeystoneError(401, "The request you have made requires authentication.");
}

export function notThere(what: string, id: string): KeystoneError {
  return new KeystoneError(404, `Could not find ${what}: ${id}.`);
}

const RETRY_AFTER_AWAY_S = 2;

/** Answers `{"error": {code, title, message}}`, whatever went wrong. */
export function createKeystoneErrorHandler(public_url: string | undefined) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const told = keystoneErrorOf(error);
    if (told.status >= 500) request.log.error({ err: error }, "the gateway failed");
    if (told.status === 401) {
      reply.header("www-authenticate", `Keystone uri="${publicUrlOf(request, public_url)}/identity"`);
    }
    const { status: code, message } = told;
    return reply
      .status(code)
      .headers(told.headers)
      .type("application/json")
      .send(told.body ?? { error: { code, title: STATUS_CODES[code] ?? "Error", message } });
  };
}

function keystoneErrorOf(error: unknown): KeystoneError {
  if (error instanceof KeystoneError) return error;
  if (error instanceof TooManyRequests) {
    return new KeystoneError(error.status, error.message, { "retry-after": String(error.retry_after_s) });
  }
  if (error instanceof Problem) return new KeystoneError(error.status, error.message);
  const { statusCode, message } = error as Partial<FastifyError>;
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500) {
    return new KeystoneError(statusCode, message ?? "The request cannot be read.");
  }
  if (isDatabaseAway(error)) {
    return new KeystoneError(503, "Uniview's PostgreSQL does not answer.", {
      "retry-after": String(RETRY_AFTER_AWAY_S),
    });
  }
  return new KeystoneError(
    500,
    "Uniview met an error that it did not foresee; its log has it by the request id.",
  );
}
