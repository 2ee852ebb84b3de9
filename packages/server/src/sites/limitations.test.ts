import type { Certificate, ServicesDescription } from "@uniview/openstack";
import { expect, test } from "vitest";
import { limitationsOf } from "./limitations.ts";

/** A site that has nothing but a certificate. */
function siteWith(certificate: Partial<Certificate>): ServicesDescription {
  const of_host = { host: "zed.example", subject: "zed", issuer: "CA", fingerprint_sha256: "AA" };
  const valid = {
    valid_from: "2026-01-01T00:00:00.000Z",
    valid_to: "2026-12-24T00:00:00.000Z",
    days_left: 90,
  };
  return {
    auth_url: "https://zed.example:5000/v3",
    services: [],
    release: { name: "unknown", range: undefined, confidence: "none", evidence: [] },
    unavailable: [],
    certificates: [{ ...of_host, ...valid, ...certificate }],
    described_at: "2026-09-25T00:00:00.000Z",
  };
}

test("a certificate that has long to go is no limitation", () => {
  expect(limitationsOf(siteWith({ days_left: 31 }))).toEqual([]);
});

test("one that ends soon says how many days are left, and who can help", () => {
  expect(limitationsOf(siteWith({ days_left: 12 }))).toEqual([
    {
      what: "The certificate of zed.example ends on 2026-12-24.",
      why: "12 days are left; from its end on nothing works here.",
      remedy: "Let the site's operator renew it.",
    },
  ]);
});

test("one that is past its end, at a site that is told to accept it, says so", () => {
  expect(limitationsOf(siteWith({ days_left: -1 }))).toMatchObject([
    { what: "The certificate of zed.example ended on 2026-12-24." },
  ]);
});

const NOVA = {
  catalog_type: "compute",
  type: "compute",
  name: "nova",
  endpoint: "https://zed.example/v2.1",
} as const;

test("what a site is too old for is told where Uniview asks for it, and only there", () => {
  const versions = { version: "v2.1", min: "2.1", max: "2.60" };
  const nova = { ...NOVA, versions, release: undefined, state: "ok", problem: undefined } as const;
  const said = limitationsOf({ ...siteWith({}), services: [nova] }).map(({ what }) => what);
  expect(said).toContain("The server is locked without saying why.");
  expect(said.join()).not.toContain("bandwidth");
});
