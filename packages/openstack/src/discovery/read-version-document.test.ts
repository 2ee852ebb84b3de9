import { expect, test } from "vitest";
import {
  CINDER_ROOT,
  GLANCE_ROOT,
  KEYSTONE_ROOT,
  KEYSTONE_VERSIONED,
  NEUTRON_ROOT,
  NOVA_ROOT,
  NOVA_VERSIONED,
  PLACEMENT_ROOT,
} from "../../test/recorded-documents.ts";
import { readVersionDocument } from "./read-version-document.ts";

const idsAndRanges = (document: unknown) =>
  readVersionDocument(document).map(({ id, min, max }) => [id, min, max].filter(Boolean).join(" "));

test.each([
  ["Nova's root", NOVA_ROOT, ["v2.0", "v2.1 2.1 2.93"]],
  ["Nova's versioned URL", NOVA_VERSIONED, ["v2.1 2.1 2.93"]],
  ["Cinder's root", CINDER_ROOT, ["v2.0", "v3.0 3.0 3.62"]],
  ["Glance's root", GLANCE_ROOT, ["v2.15", "v2.9", "v2.0"]],
  ["Neutron's root", NEUTRON_ROOT, ["v2.0"]],
  ["Keystone's root with nested values", KEYSTONE_ROOT, ["v3.14"]],
  ["Keystone's versioned URL", KEYSTONE_VERSIONED, ["v3.14"]],
  ["Placement, which says max_version", PLACEMENT_ROOT, ["v1.0 1.0 1.39"]],
  ["a bare version", { id: "v2.0", links: [] }, ["v2.0"]],
  ["a bare list", [{ id: "v1" }], ["v1"]],
])("the versions in %s are read", (_, document, expected) => {
  expect(idsAndRanges(document)).toEqual(expected);
});

test.each([
  ["nothing", undefined],
  ["text", "<html>welcome</html>"],
  ["other JSON", { hello: "world" }],
  ["versions that are no list", { versions: "v2" }],
  ["entries without an id", { versions: [{ status: "CURRENT" }, null, "v2"] }],
  ["ids of another kind", { versions: [{ id: "latest" }] }],
])("%s holds no versions and does no harm", (_, document) => {
  expect(readVersionDocument(document)).toEqual([]);
});
