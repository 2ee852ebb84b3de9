import type { FastifyRequest } from "fastify";

/**
 * Scheme and host under which clients reach us, without slash at the end: all links of an answer begin so.
 *
 * @param public_url as configured; without it what this client asked for is believed
 */
export function publicUrlOf(request: FastifyRequest, public_url: string | undefined): string {
  return public_url ?? `${request.protocol}://${request.host}`;
}
