import { type CloudEntry, Problem } from "@uniview/api";
import type { Catalog } from "@uniview/openstack";
import { expect, test } from "vitest";
import { chooseRegion } from "./choose-region.ts";
import { locationOf, readCloud } from "./cloud-credentials.ts";

const auth_url = "https://cloud.example.org:5000/v3";
const entry = (auth: Partial<CloudEntry["auth"]>, rest: Partial<CloudEntry> = {}): CloudEntry => ({
  auth_type: "password",
  interface: "public",
  auth: { auth_url, ...auth },
  ...rest,
});

test.each([
  [entry({ password: "p", project_name: "p" }), "cloud.auth.username"],
  [entry({ username: "u", project_name: "p" }), "cloud.auth.password"],
  [entry({ username: "u", password: "p" }), "cloud.auth.project_name"],
  [
    entry({ application_credential_id: "i" }, { auth_type: "v3applicationcredential" }),
    "cloud.auth.application_credential_secret",
  ],
  [
    entry({ application_credential_secret: "s" }, { auth_type: "v3applicationcredential" }),
    "cloud.auth.application_credential_id",
  ],
  [
    entry(
      { application_credential_name: "n", application_credential_secret: "s" },
      { auth_type: "v3applicationcredential" },
    ),
    "cloud.auth.username",
  ],
  [entry({ auth_url: "https://u:p@cloud.example.org/v3" }), "cloud.auth.auth_url"],
  [entry({ username: "u", password: "p", project_name: "p" }, { ca_pem: "not PEM" }), "cloud.ca_pem"],
])("an incomplete entry is answered with the field that it lacks", (cloud, field) => {
  try {
    readCloud(cloud);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    expect((error as Problem).extras).toMatchObject({ field });
    expect((error as Problem).extras.remedy).toBeTruthy();
  }
});

test("spellings of one identity URL are one location", () => {
  const spellings = [
    "https://Cloud.example.org/identity",
    "https://cloud.example.org:443/identity/v3/",
    "https://cloud.example.org/identity/v2.0",
  ];
  expect(new Set(spellings.map(locationOf)).size).toBe(1);
  expect(locationOf("http://cloud.example.org/identity")).not.toBe(locationOf(spellings[0] ?? ""));
});

const catalogOf = (...endpoints: [type: string, region: string | null, of: string][]): Catalog =>
  endpoints.map(([type, region, of]) => ({
    type,
    endpoints: [{ interface: of, region_id: region, region, url: "http://x" }],
  }));
const wish = (region_name?: string) => ({ region_name, interface: "public" as const });

test("the only region is taken without asking, and a catalog without regions has none", () => {
  expect(chooseRegion(catalogOf(["compute", "one", "public"]), wish(), "h")).toBe("one");
  expect(chooseRegion(catalogOf(["compute", null, "public"]), wish(), "h")).toBeUndefined();
});

test.each([
  [
    "several regions and none named",
    catalogOf(["compute", "a", "public"], ["compute", "b", "public"]),
    wish(),
    "site-region-unknown",
    "a, b",
  ],
  [
    "a region that is not there",
    catalogOf(["compute", "a", "public"]),
    wish("mars"),
    "site-region-unknown",
    "a",
  ],
  [
    "a region without compute",
    catalogOf(["compute", "a", "public"], ["image", "b", "public"]),
    wish("b"),
    "site-without-compute",
    "compute",
  ],
  [
    "no compute at all",
    catalogOf(["image", "a", "public"], ["object-store", "a", "public"]),
    wish(),
    "site-without-compute",
    "image, object-store",
  ],
  ["an empty catalog", catalogOf(), wish(), "site-without-compute", "role"],
  ["another interface", catalogOf(["compute", "a", "internal"]), wish(), "site-without-compute", "internal"],
])("%s is answered with what there is", (_, catalog, wished, slug, named) => {
  try {
    chooseRegion(catalog, wished, "cloud.example.org");
    expect.unreachable();
  } catch (error) {
    expect((error as Problem).slug).toBe(slug);
    expect((error as Problem).extras.remedy).toContain(named);
  }
});
