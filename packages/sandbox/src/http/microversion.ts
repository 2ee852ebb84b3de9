import { Refusal } from "./refusal.ts";

/** The version a request is answered in. */
export class Microversion {
  readonly text: string;
  readonly minor: number;

  constructor(text: string) {
    this.text = text;
    this.minor = Number(text.split(".")[1] ?? 0);
  }

  atLeast(wanted: string): boolean {
    return this.minor >= Number(wanted.split(".")[1]);
  }
}

export interface MicroversionRange {
  /** The name in `OpenStack-API-Version: <service> 2.93`. */
  service: "compute" | "volume" | "placement";
  min: string;
  max: string;
}

/**
 * Finds the version that the headers ask for; the minimum when they ask for none.
 * @throws Refusal 400 for what is no version, 406 for what lies outside of the range
 */
export function negotiate(
  range: MicroversionRange,
  headers: Record<string, string | string[] | undefined>,
): Microversion {
  const wanted = askedVersion(range, headers);
  if (wanted === undefined) return new Microversion(range.min);
  if (wanted === "latest") return new Microversion(range.max);
  if (!/^([1-9]\d*)\.([1-9]\d*|0)$/.test(wanted)) {
    throw new Refusal(
      400,
      `API Version String ${wanted} is of invalid format. Must be of format MajorNum.MinorNum.`,
    );
  }
  const version = new Microversion(wanted);
  const { min, max } = range;
  const major = wanted.split(".")[0];
  if (major !== max.split(".")[0] || !version.atLeast(min) || version.minor > new Microversion(max).minor) {
    throw new Refusal(
      406,
      `Version ${wanted} is not supported by the API. Minimum is ${min} and maximum is ${max}.`,
      { headers: stampVersion(range, version) },
    );
  }
  return version;
}

/** Headers by which a service says in which version it answered. */
export function stampVersion(range: MicroversionRange, version: Microversion): Record<string, string> {
  return {
    "OpenStack-API-Version": `${range.service} ${version.text}`,
    ...(range.service === "compute" ? { "X-OpenStack-Nova-API-Version": version.text } : {}),
    Vary:
      range.service === "compute"
        ? "OpenStack-API-Version, X-OpenStack-Nova-API-Version"
        : "OpenStack-API-Version",
  };
}

function askedVersion(
  range: MicroversionRange,
  headers: Record<string, string | string[] | undefined>,
): string | undefined {
  for (const part of String(headers["openstack-api-version"] ?? "").split(",")) {
    const [service, version] = part.trim().split(/\s+/);
    if (service === range.service && version !== undefined) return version.toLowerCase();
  }
  const legacy = range.service === "compute" ? headers["x-openstack-nova-api-version"] : undefined;
  return legacy === undefined ? undefined : String(legacy).toLowerCase();
}
