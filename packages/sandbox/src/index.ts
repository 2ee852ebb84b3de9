export type {
  Disk,
  Fault,
  FaultService,
  Faults,
  GuestDisk,
  GuestStatus,
  Sandbox,
  SandboxOptions,
} from "./options.ts";
export { isReleaseName, RELEASES, type ReleaseName } from "./releases.ts";
export { startSandbox } from "./sandbox.ts";
