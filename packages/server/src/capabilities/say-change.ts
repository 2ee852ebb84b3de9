import type { CapabilityState } from "@uniview/api";
import { capabilityNamed } from "@uniview/openstack";

interface Changed {
  readonly site: string;
  readonly project_name: string;
  readonly capability: string;
  readonly from: CapabilityState;
  readonly to: CapabilityState;
}

/** `zed lost volume:create_snapshot: project demo can no longer snapshot a volume.` */
export function sayChange({ site, project_name, capability, from, to }: Changed): string {
  const { does = "use it", rule } = capabilityNamed(capability) ?? {};
  const name = rule ?? capability;
  if (to === "no") return `${site} lost ${name}: project ${project_name} can no longer ${does}.`;
  if (to === "yes" && from === "no")
    return `${site} gained ${name}: project ${project_name} can now ${does}.`;
  if (to === "limited") return `${site} limits ${name}: project ${project_name} can ${does} only in part.`;
  return `${site} lifted a limit of ${name}: project ${project_name} can ${does} in full.`;
}
