import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { TlsOptions } from "node:tls";
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
  more: TlsOptions = {},
): Promise<{ outcome: unknown; certificates: readonly Certificate[] }> {
  const tls = { key: pem("key"), cert: pem(certificate), ...more };
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

/** What `openssl x509 -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256` says of a certificate. */
function pinOf(certificate: string, encoding: "hex" | "base64"): string {
  const key = new X509Certificate(pem(certificate)).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(key).digest(encoding);
}

test("a site is trusted by the CA that was given for it, and its certificate's end is known", async () => {
  const { outcome, certificates } = await signInTo("valid", { ca_pem: pem("valid") });
  expect(outcome).toBe("signed in");
  expect(certificates).toMatchObject([{ host: "127.0.0.1", subject: "Uniview test site" }]);
  const { valid_to = "", days_left } = certificates[0] ?? {};
  expect(Date.parse(valid_to)).toBeGreaterThan(Date.parse("2100-01-01"));
  expect(days_left).toBeGreaterThan((Date.parse("2100-01-01") - Date.now()) / 86_400_000);
});

test("a certificate of an unknown CA asks for the CA", async () => {
  const { outcome } = await signInTo("valid", {});
  expect(outcome).toMatchObject({ kind: "tls_untrusted" });
  expect(String(outcome)).toContain("ca_pem");
});

test.each(["hex", "base64"] as const)(
  "a key that is pinned in %s is taken, another one is not",
  async (encoding) => {
    const ca_pem = pem("valid");
    const pin_sha256 = pinOf("valid", encoding);
    expect((await signInTo("valid", { ca_pem, pin_sha256 })).outcome).toBe("signed in");
    const other = Buffer.alloc(32, 7).toString(encoding);
    const { outcome } = await signInTo("valid", { ca_pem, pin_sha256: other });
    expect(outcome).toMatchObject({ kind: "tls_pin", retryable: true });
    expect(String(outcome)).toContain("pin_sha256");
    const both = `sha256//${other};${pin_sha256}`;
    expect((await signInTo("valid", { ca_pem, pin_sha256: both })).outcome).toBe("signed in");
  },
);

test("a pin does not make up for a CA, and holds where any certificate is accepted", async () => {
  const pin_sha256 = pinOf("valid", "hex");
  expect((await signInTo("valid", { pin_sha256 })).outcome).toMatchObject({ kind: "tls_untrusted" });
  expect((await signInTo("expired", { insecure: true, pin_sha256 })).outcome).toBe("signed in");
  const other = "00".repeat(32);
  expect((await signInTo("expired", { insecure: true, pin_sha256: other })).outcome).toMatchObject({
    kind: "tls_pin",
  });
});

test("what is no pin is refused before anything is sent", () => {
  const auth = { type: "token", token: "t" } as const;
  expect(() => createSession({ auth_url: "https://x.example", auth, pin_sha256: "abc" })).toThrow(
    "pin_sha256 'abc' is not a SHA-256",
  );
});

test.each<[string, TlsOptions]>([
  ["shares no cipher with us", { minVersion: "TLSv1.3", ciphers: "TLS_AES_128_CCM_8_SHA256" }],
  ["wants a certificate of ours", { requestCert: true, rejectUnauthorized: true, maxVersion: "TLSv1.2" }],
])("a host that %s is said not to speak TLS as we do", async (_, more) => {
  const { outcome } = await signInTo("valid", { ca_pem: pem("valid") }, more);
  expect(outcome).toMatchObject({ name: "SiteUnreachable", kind: "tls_protocol" });
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
