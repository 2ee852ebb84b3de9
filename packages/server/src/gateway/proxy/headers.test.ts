import { expect, test } from "vitest";
import { toClientHeaders, toSiteHeaders } from "./headers.ts";
import type { SiteView } from "./site-view.ts";

const OURS = "a".repeat(32);
const THEIRS = "b".repeat(32);
const view: SiteView = {
  project_id: OURS,
  site_project_id: THEIRS,
  services: [
    {
      type: "object-store",
      root: "https://zed.example/swift",
      public_root: "https://uniview/openstack/zed/object-store",
    },
  ],
};
const toClient = (raw: string[], keep_length = true) =>
  toClientHeaders(raw, view, { keep_length, request_id: "req-ours" });
const named = (sent: readonly string[], name: string) =>
  sent.flatMap((text, at) => (at % 2 === 0 && text.toLowerCase() === name ? [sent[at + 1]] : []));

test("a site gets what the client says, but nothing that is only for us or for one connection", () => {
  const sent = toSiteHeaders(
    {
      host: "uniview",
      "x-auth-token": "uvg_secret",
      "x-service-token": "uvg_secret",
      authorization: "Bearer uvt_secret",
      cookie: "session=secret",
      connection: "keep-alive, x-only-here",
      "x-only-here": "1",
      "keep-alive": "timeout=5",
      "transfer-encoding": "chunked",
      expect: "100-continue",
      te: "trailers",
      "x-forwarded-for": "10.0.0.1",
      range: "bytes=0-9",
      "if-none-match": '"tag"',
      "content-type": "application/octet-stream",
      "openstack-api-version": "compute 2.90",
      "x-object-meta-colour": "blue",
      "content-md5": "abc",
    },
    view,
    "site-token",
    "req-ours",
  );
  expect(sent).toEqual({
    "x-auth-token": "site-token",
    "x-openstack-request-id": "req-ours",
    range: "bytes=0-9",
    "if-none-match": '"tag"',
    "content-type": "application/octet-stream",
    "openstack-api-version": "compute 2.90",
    "x-object-meta-colour": "blue",
    "content-md5": "abc",
  });
});

test("a client's own request id goes on, and Swift's headers name the site's project", () => {
  const sent = toSiteHeaders(
    {
      "x-openstack-request-id": "req-theirs",
      "x-container-read": `${OURS}:*`,
      "destination-account": `AUTH_${OURS}`,
    },
    view,
    undefined,
    "req-ours",
  );
  expect(sent).toEqual({
    "x-openstack-request-id": "req-theirs",
    "x-container-read": `${THEIRS}:*`,
    "destination-account": `AUTH_${THEIRS}`,
  });
});

test("a client gets what the site says in the site's own spelling, but none of its secrets", () => {
  const sent = toClient([
    ...[
      "Content-Length",
      "10",
      "ETag",
      '"tag"',
      "Content-Range",
      "bytes 0-9/100",
      "X-Object-Meta-Colour",
      "blue",
    ],
    ...["Retry-After", "7", "Vary", "OpenStack-API-Version", "X-Openstack-Request-Id", "req-site"],
    ...["X-Auth-Token", "site-token", "X-Storage-Token", "site-token", "X-Subject-Token", "site-token"],
    ...["Set-Cookie", "a=b", "Strict-Transport-Security", "max-age=1", "Access-Control-Allow-Origin", "*"],
    ...["Connection", "close, X-Only-Here", "X-Only-Here", "1", "Transfer-Encoding", "chunked"],
  ]);
  expect(sent).toEqual([
    ...[
      "Content-Length",
      "10",
      "ETag",
      '"tag"',
      "Content-Range",
      "bytes 0-9/100",
      "X-Object-Meta-Colour",
      "blue",
    ],
    ...["Retry-After", "7", "Vary", "OpenStack-API-Version", "X-Openstack-Request-Id", "req-site"],
    ...["x-content-type-options", "nosniff", "content-security-policy", "sandbox"],
    ...["x-uniview-request-id", "req-ours"],
  ]);
});

test("URLs in headers lead to us, those of others stay", () => {
  const sent = toClient([
    ...["Location", `https://zed.example/swift/v1/AUTH_${THEIRS}/c`],
    ...["Content-Location", "https://elsewhere.example/x"],
  ]);
  expect(named(sent, "location")).toEqual([`https://uniview/openstack/zed/object-store/v1/AUTH_${OURS}/c`]);
  expect(named(sent, "content-location")).toEqual(["https://elsewhere.example/x"]);
});

test("the length of a body that changes is not told, and bytes beyond ASCII stay what they are", () => {
  const sent = toClient(["Content-Length", "10", "X-Image-Meta-Name", "Gr\u00fc\u00dfe"], false);
  expect(named(sent, "content-length")).toEqual([]);
  expect(named(sent, "x-image-meta-name")).toEqual(["Gr\u00fc\u00dfe"]);
});
