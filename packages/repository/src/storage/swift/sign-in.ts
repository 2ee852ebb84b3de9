import { type Dispatcher, request } from "undici";
import { StorageRefused } from "../storage-refused.ts";
import { StorageUnavailable } from "../storage-unavailable.ts";
import { keystoneBody, objectStoreUrl } from "./keystone.ts";
import type { SwiftSignIn, SwiftTicket } from "./swift-access.ts";

/** @throws StorageRefused when the credentials are not taken, or there is no object store for them */
export async function signIn(dispatcher: Dispatcher, access: SwiftSignIn): Promise<SwiftTicket> {
  const at = new URL(access.auth_url).host;
  const ticket = await (access.kind === "keystone"
    ? signInAtKeystone(dispatcher, access)
    : signInAtSwift(dispatcher, access)
  ).catch((error: unknown) => {
    if (error instanceof StorageRefused) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StorageUnavailable(`signing in at ${at} failed: ${reason}`, { cause: error });
  });
  return { ...ticket, account_url: ticket.account_url.replace(/\/+$/, "") };
}

/** @see https://docs.openstack.org/api-ref/identity/v3/#password-authentication-with-scoped-authorization */
async function signInAtKeystone(
  dispatcher: Dispatcher,
  access: SwiftSignIn & { readonly kind: "keystone" },
): Promise<SwiftTicket> {
  const url = `${access.auth_url.replace(/\/+$/, "").replace(/\/v3$/, "")}/v3/auth/tokens`;
  const { statusCode, headers, body } = await request(url, {
    dispatcher,
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(keystoneBody(access.identity)),
  });
  const text = await body.text();
  checkStatus(url, statusCode, "the password or application credential, the project and their domains");
  const token = headers["x-subject-token"];
  if (typeof token !== "string") throw new Error("Keystone answered without a token");
  return { token, account_url: objectStoreUrl(text, access) };
}

/** @see https://docs.openstack.org/swift/latest/overview_auth.html */
async function signInAtSwift(
  dispatcher: Dispatcher,
  { auth_url, user, key }: SwiftSignIn & { readonly kind: "tempauth" },
): Promise<SwiftTicket> {
  const { statusCode, headers, body } = await request(auth_url, {
    dispatcher,
    headers: { "x-auth-user": user, "x-auth-key": key },
  });
  await body.dump();
  checkStatus(auth_url, statusCode, "ST_USER and ST_KEY");
  const { "x-auth-token": token, "x-storage-url": account_url } = headers;
  if (typeof token !== "string" || typeof account_url !== "string")
    throw new Error("Swift answered without X-Auth-Token or X-Storage-Url");
  return { token, account_url };
}

function checkStatus(url: string, status: number, what: string): void {
  if (status >= 200 && status < 300) return;
  const answer = `signing in at ${url} was answered ${status}`;
  if (status === 401 || status === 403) throw new StorageRefused(`${answer}: correct ${what}`);
  if (status === 404 || status === 300) throw new StorageRefused(`${answer}: correct auth_url`);
  throw new Error(answer);
}
