/** One version of a service as its version document lists it. */
export interface OfferedVersion {
  /** As the service spells it: `v2.1`, `v3.14`. */
  id: string;
  major: number;
  minor: number;
  status: string;
  /** Microversions, where it has them. */
  min: string | undefined;
  max: string | undefined;
}

type Fields = Record<string, unknown>;

/**
 * The versions in a version document; none where it is no such document. Links are not read: behind a proxy they
 * name the wrong scheme or host, and the catalog knows the right one.
 *
 * Shapes:
 * - `{ versions: [...] }` Nova, Cinder, Glance, Neutron, Placement at their root (Cinder also at `/v3/`)
 * - `{ versions: { values: [...] } }` Keystone at its root
 * - `{ version: {...} }` Nova and Keystone at a versioned URL
 * - `{ id: "v2.0", ... }` bare, at some versioned URLs
 */
export function readVersionDocument(document: unknown): OfferedVersion[] {
  return listIn(document)
    .map(readVersion)
    .filter((version) => version !== undefined);
}

function listIn(document: unknown): unknown[] {
  if (!isFields(document)) return Array.isArray(document) ? document : [];
  const { versions, version } = document;
  if (Array.isArray(versions)) return versions;
  if (isFields(versions) && Array.isArray(versions["values"])) return versions["values"];
  if (isFields(version)) return [version];
  return "id" in document ? [document] : [];
}

function readVersion(entry: unknown): OfferedVersion | undefined {
  if (!isFields(entry) || typeof entry["id"] !== "string") return undefined;
  const match = /^v(\d+)(?:\.(\d+))?$/.exec(entry["id"]);
  if (match === null) return undefined;
  const status = typeof entry["status"] === "string" ? entry["status"].toUpperCase() : "CURRENT";
  return {
    id: entry["id"],
    major: Number(match[1]),
    minor: Number(match[2] ?? 0),
    status,
    min: microversionIn(entry["min_version"]),
    // Nova and Cinder say `version`, Placement, Manila and Ironic `max_version`.
    max: microversionIn(entry["max_version"]) ?? microversionIn(entry["version"]),
  };
}

function microversionIn(value: unknown): string | undefined {
  return typeof value === "string" && /^\d+\.\d+$/.test(value) ? value : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
