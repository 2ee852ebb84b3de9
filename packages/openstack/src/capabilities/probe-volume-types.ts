import { listVolumeTypes, type VolumeType } from "../block-storage/volume-types.ts";
import { collect } from "../service/list-pages.ts";
import { VOLUME_TYPE_FAMILY } from "./capability-table.ts";
import { type Finding, fine } from "./finding.ts";
import type { ProbedSite } from "./probed-site.ts";

/** A volume type that only says where volumes without a type go. */
const PLACEHOLDER = "__DEFAULT__";

/** The volume types that the project may use, each with what this role may see of it. */
export async function probeVolumeTypes({ client }: ProbedSite): Promise<Finding[]> {
  const cinder = await client("block-storage");
  const types = await collect(listVolumeTypes(cinder));
  const evidence = fine(cinder, "GET", "/types", 200);
  const named = types.filter(({ name }) => name !== PLACEHOLDER);
  const names = named.map(({ name }) => name).sort();
  return [
    {
      capability: "block-storage.volume_types",
      how: "list",
      evidence,
      state: names.length > 0 ? "yes" : "no",
      detail: names.length > 0 ? names.join(", ") : "there is only the site's default",
    },
    ...named.map((type): Finding => {
      const detail = traitsOf(type);
      const capability = VOLUME_TYPE_FAMILY + type.name;
      return { capability, state: "yes", how: "list", evidence, ...(detail === "" ? {} : { detail }) };
    }),
  ];
}

/** What extra specs say to a tenant; a member sees them where policy lets them (from Xena on: the harmless ones). */
function traitsOf({ description, extra_specs = {} }: VolumeType): string {
  const zones = extra_specs["RESKEY:availability_zones"];
  const is = (name: string) => /true/i.test(extra_specs[name] ?? "");
  const told = [
    description ?? "",
    is("multiattach") ? "attaches to several servers" : "",
    is("replication_enabled") ? "replicated" : "",
    zones === undefined ? "" : `only in ${zones}`,
  ];
  return told.filter((word) => word !== "").join("; ");
}
