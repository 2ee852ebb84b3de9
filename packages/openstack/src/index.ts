export {
  CAPABILITIES,
  type Capability,
  capabilityNamed,
  VOLUME_TYPE_FAMILY,
} from "./capabilities/capability-table.ts";
export type { Finding } from "./capabilities/finding.ts";
export { type ProbeOptions, type ProbeResult, probeCapabilities } from "./capabilities/probe-capabilities.ts";
export { type ReadCloudOptions, readCloud } from "./clouds/read-cloud.ts";
export * from "./describe/describe-site.ts";
export * from "./discovery/microversion.ts";
export * from "./errors/cloud-not-described.ts";
export * from "./errors/openstack-error.ts";
export * from "./errors/resource-failed.ts";
export * from "./errors/site-unreachable.ts";
export * from "./negotiation/degraded.ts";
export { degradedAt, type Offer } from "./negotiation/negotiate.ts";
export { NotOffered } from "./negotiation/not-offered.ts";
export { OPERATION_NAMES, OPERATIONS, type OperationName } from "./negotiation/operations.ts";
export * from "./releases/release-range.ts";
export * from "./releases/releases.ts";
export * from "./releases/site-release.ts";
export { collect, isLastPage, type ListOptions } from "./service/list-pages.ts";
export { type SentAnswer, type SentRows, spellRows } from "./service/sent-rows.ts";
export * from "./service/service-client.ts";
export * from "./service/service-types.ts";
export * from "./session/catalog.ts";
export * from "./session/credentials.ts";
export { regionsOf } from "./session/find-endpoint.ts";
export { Gate } from "./session/gate.ts";
export { createSession } from "./session/session.ts";
export * from "./session/session-types.ts";
export * from "./session/token.ts";
