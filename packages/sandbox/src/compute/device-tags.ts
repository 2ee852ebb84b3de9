import type { Microversion } from "../http/microversion.ts";

/**
 * Tags of devices came with 2.32 and went missing by mistake, those of disks at once and those of NICs with 2.37, until
 * 2.42 brought both back.
 *
 * @param last the last microversion of the first time
 */
export function takesTag(version: Microversion, last: "2.32" | "2.36"): boolean {
  if (version.atLeast("2.42")) return true;
  return version.atLeast("2.32") && version.minor <= Number(last.split(".")[1]);
}
