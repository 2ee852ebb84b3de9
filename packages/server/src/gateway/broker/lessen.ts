import type { Json, ServiceType } from "@uniview/openstack";
import { aliasesOf } from "../catalog/service-types.ts";
import { askedMicroversion, askFor, type VersionedService } from "../proxy/microversion.ts";
import type { RequestBody } from "../proxy/request-body.ts";
import type { Call, Target } from "../proxy/serve.ts";
import { broker } from "./broker.ts";
import type { Body } from "./lesser-calls.ts";

const SERVICES: readonly { type: ServiceType; named: VersionedService }[] = [
  { type: "compute", named: "compute" },
  { type: "block-storage", named: "volume" },
];
/** What stands before the path that the table knows. */
const VERSION_AND_PROJECT = /^\/v\d+(?:\.\d+)?(?:\/[0-9a-f]{32})?(?=\/)/;

/** What is sent instead, and told. */
export interface Lessened {
  /** Headers for the site. */
  readonly asks: Readonly<Record<string, string>>;
  readonly body: RequestBody | undefined;
  /** Headers for the client, name and value in turns. */
  readonly told: readonly string[];
}

/** Where the user turned the broker on for their credential: the call that this site can take. */
export async function lessen(
  { token, request, address }: Pick<Call, "token" | "request" | "address">,
  { door, service }: Target,
  body: RequestBody,
): Promise<Lessened | undefined> {
  if (token?.application_credential?.broker !== true || body.kind === "stream") return undefined;
  const versioned = SERVICES.find(({ type }) => aliasesOf(type).includes(service.type));
  const asked = versioned && askedMicroversion(request.raw.headers, versioned.named);
  if (versioned === undefined || asked === undefined) return undefined;
  const { type, versions } = await door.session.service(versioned.type);
  const call = {
    method: request.method,
    path: address.path.replace(VERSION_AND_PROJECT, ""),
    asked,
    body: body.kind === "whole" ? parse(body.bytes) : undefined,
  };
  const brokered = broker({ type, versions }, call);
  if (!brokered) return undefined;
  return {
    asks: askFor(versioned.named, brokered.microversion),
    body: brokered.body && { kind: "whole", bytes: Buffer.from(JSON.stringify(brokered.body)) },
    told: ["OpenStack-Uniview-Degraded", brokered.degraded],
  };
}

function parse(bytes: Buffer): Body | undefined {
  try {
    const body: Json = JSON.parse(bytes.toString("utf8"));
    return typeof body === "object" && body !== null && !Array.isArray(body) ? body : undefined;
  } catch {
    return undefined; // the site refuses it in its own words
  }
}
