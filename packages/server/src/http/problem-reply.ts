import { STATUS_CODES } from "node:http";
import { Problem, type ProblemDetail } from "@uniview/api";
import { isDatabaseAway } from "@uniview/workflow";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { TooManyRequests } from "./rate-limit.ts";

const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** Answers with the problem that an error is; what nobody foresaw is logged whole and told without its insides. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request);
  if (problem.slug === "internal-error") request.log.error({ err: error }, "the request failed");
  else if (problem.slug === "database-away") request.log.warn({ err: error }, "PostgreSQL does not answer");
  else request.log.debug({ slug: problem.slug, detail: problem.message }, "answered with a problem");
  if (problem instanceof TooManyRequests) reply.header("retry-after", problem.retry_after_s);
  if (problem.slug === "not-signed-in") reply.header("www-authenticate", "Bearer");
  return sendProblemDetail(problem.toJSON(), reply);
}

export function sendProblemDetail(detail: ProblemDetail, reply: FastifyReply): FastifyReply {
  return reply
    .status(detail.status)
    .header("cache-control", "no-store")
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(detail));
}

function problemOf(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  const { code, statusCode, message } = error as Partial<FastifyError>;
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new Problem("payload-too-large", "The body of the request is larger than Uniview takes.", {
        remedy: `Send at most ${request.routeOptions.bodyLimit} bytes.`,
      });
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new Problem(
        "invalid-input",
        `The content type ${request.headers["content-type"] ?? "(none)"} is not taken here.`,
        { field: "content-type", remedy: "Send JSON with `content-type: application/json`." },
      );
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return new Problem("invalid-input", "The body is empty, but its content type says JSON.", {
        field: "body",
        remedy: "Send a JSON object, or leave the content type out.",
      });
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return new Problem("invalid-input", "The body is not valid JSON.", { field: "body" });
  }
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500) {
    const why = (message ?? STATUS_CODES[statusCode] ?? "it is not valid").replace(/\.$/, "");
    return new Problem("invalid-input", `The request cannot be read: ${why}.`);
  }
  if (isDatabaseAway(error)) {
    return new Problem(
      "database-away",
      "Uniview's PostgreSQL does not answer.",
      { remedy: "Try again in a moment; if it stays so, look at PostgreSQL and at Uniview's log." },
      error,
    );
  }
  return new Problem(
    "internal-error",
    "Uniview met an error that it did not foresee.",
    {
      request_id: request.id,
      remedy: "Look for this request id in Uniview's log, and report what it says there.",
    },
    error,
  );
}
