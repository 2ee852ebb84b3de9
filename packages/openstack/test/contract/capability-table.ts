import { CAPABILITIES } from "../../src/capabilities/capability-table.ts";
import type { Finding, How } from "../../src/capabilities/finding.ts";
import type { Trial } from "./compatibility-page.ts";

const HOW_WORDS: Readonly<Record<How, string>> = {
  document: "",
  list: "",
  attempt: "",
  job: "",
  default_policy: " (by default)",
};

/** What the probe told of each site: one row a capability, so that sites that differ are seen at once. */
export function capabilityRows(trials: readonly Trial[]): string[][] {
  const of = ({ findings }: Trial, name: string) => findings.find(({ capability }) => capability === name);
  return Object.entries(CAPABILITIES)
    .filter(([name]) => !name.includes(".quota."))
    .map(([name, { service, does }]) => [
      `${service}: ${does}`,
      ...trials.map((trial) => cellOf(of(trial, name))),
    ]);
}

function cellOf(finding: Finding | undefined): string {
  if (finding === undefined) return "unknown";
  const { state, how } = finding;
  return (state === "no" ? "**no**" : state) + HOW_WORDS[how];
}
