import type { Dispatcher } from "undici";
import { StorageRefused } from "../storage-refused.ts";
import { StorageUnavailable } from "../storage-unavailable.ts";

type Answer = Dispatcher.ResponseData;

/** What to do about answers that stay the same however often one asks. */
const REMEDIES: Readonly<Record<number, string>> = {
  403: "give this user a role that may read and write the container",
  404: "make the container first, or correct its name",
  405: "correct the account's URL",
  413: "the quota of the account or the container is used up, or the object is too large for this Swift",
};

/** Nothing for a status that was hoped for. @throws StorageRefused; Error for what may pass. Either way the body is read */
export async function expectStatus(what: string, answer: Answer, ...hoped: readonly number[]): Promise<void> {
  if (hoped.includes(answer.statusCode)) return;
  await answer.body.dump();
  const { statusCode, headers } = answer;
  const request = headers["x-trans-id"] ? ` (request ${headers["x-trans-id"]})` : "";
  const message = `${what} failed: Swift answered ${statusCode}${request}`;
  const remedy = REMEDIES[statusCode];
  throw remedy ? new StorageRefused(`${message}: ${remedy}`) : new StorageUnavailable(message);
}

export function headerOf({ headers }: Answer, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
