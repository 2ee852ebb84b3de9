import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tokenReply } from "../../test/keystone-stub.ts";
import { stubSite } from "../../test/stub-site.ts";
import type { CloudCredentials } from "./credentials.ts";
import { createSession } from "./session.ts";
import type { Certificate } from "./session-types.ts";

/** Self-signed by one key: `valid` for localhost until 2126, `expired` in 2021, `other-name` for elsewhere.example. */
const pem = (name: string) =>
  readFileSync(new URL(`../../test/certificates/${name}.pem`, import.meta.url), "utf8");

async function signInTo(
  certificate: string,
  cloud: Partial<CloudCredentials>,
): Promise<{ outcome: unknown; certificates: readonly Certificate[] }> {
  const tls = { key: pem("key"), cert: pem(certificate) };
  await using stub = await stubSite({ "POST /v3/auth/tokens": tokenReply() }, { tls });
  const auth = { type: "password", username: "demo", password: "s", project_name: "demo" } as const;
  const session = createSession({ auth_url: `${stub.url}/v3`, auth, ...cloud });
  const outcome = await session.token().then(
    () => "signed in",
    (error: unknown) => error,
  );
  await session.close();
  return { outcome, certificates: session.certificates() };
}

test("a site is trusted by the CA that was given for it, and its certificate's end is known", async () => {
  const { outcome, certificates } = await signInTo("valid", { ca_pem: pem("valid") });
  expect(outcome).toBe("signed in");
  expect(certificates).toMatchObject([{ host: "127.0.0.1", subject: "Uniview test site" }]);
  expect(Date.parse(certificates[0]?.valid_to ?? "")).toBeGreaterThan(Date.parse("2100-01-01"));
});

test("a certificate of an unknown CA asks for the CA", async () => {
  const { outcome } = await signInTo("valid", {});
  expect(outcome).toMatchObject({ kind: "tls_untrusted" });
  expect(String(outcome)).toContain("ca_pem");
});

test("an expired certificate is said to be expired", async () => {
  const { outcome } = await signInTo("expired", { ca_pem: pem("expired") });
  expect(outcome).toMatchObject({ kind: "tls_expired", retryable: true });
});

test("a certificate for another name is said to be so", async () => {
  const { outcome } = await signInTo("other-name", { ca_pem: pem("other-name") });
  expect(outcome).toMatchObject({ kind: "tls_hostname" });
});

test("insecure accepts what it is told to", async () => {
  const { outcome } = await signInTo("expired", { insecure: true });
  expect(outcome).toBe("signed in");
});

test("https at a plain HTTP port is said to be no TLS", async () => {
  await using stub = await stubSite({ "POST /v3/auth/tokens": tokenReply() });
  const auth_url = `${stub.url.replace("http:", "https:")}/v3`;
  const session = createSession({ auth_url, auth: { type: "token", token: "t" } });
  await expect(session.token()).rejects.toMatchObject({ kind: "tls_protocol" });
  await session.close();
});

test("a closed port refuses the connection, an unknown name is not resolved", async () => {
  const stub = await stubSite();
  await stub[Symbol.asyncDispose]();
  const at = (auth_url: string) => createSession({ auth_url, auth: { type: "token", token: "t" } }).token();
  await expect(at(`${stub.url}/v3`)).rejects.toMatchObject({ kind: "refused", retryable: true });
  await expect(at("http://no-such-site.invalid/v3")).rejects.toMatchObject({ kind: "dns", retryable: true });
});
