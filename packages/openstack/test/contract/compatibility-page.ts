import type { Finding } from "../../src/capabilities/finding.ts";
import type { SiteDescription } from "../../src/describe/describe-site.ts";
import type { Degraded } from "../../src/negotiation/degraded.ts";
import { PROJECT_NAMES } from "../../src/service/service-types.ts";
import { capabilityRows } from "./capability-table.ts";
import type { Outcome } from "./clause.ts";

/** What came of the contract at one site. */
export interface Trial {
  readonly name: string;
  readonly is_real: boolean;
  readonly description: SiteDescription;
  readonly outcomes: readonly Outcome[];
  /** What the capability probe told there. */
  readonly findings: readonly Finding[];
}

/** The matrix of the docs: one row a clause, one column a site, and below it what is lost where. */
export function compatibilityPage(trials: readonly Trial[], date: string): string {
  const notes = numbered(trials);
  const clauses = trials[0]?.outcomes.map(({ clause }) => clause) ?? [];
  const head = [
    "What Uniview relies on",
    ...trials.map(({ name, is_real }) => `${name}${is_real ? " (real)" : ""}`),
  ];
  const rows = clauses.map((clause, at) => [
    `${PROJECT_NAMES[clause.service]}: ${clause.says}`,
    ...trials.map(({ outcomes }) => cellOf(outcomes[at], notes)),
  ]);
  const real = trials.filter(({ is_real }) => is_real).length;
  return `# Compatibility

Generated on ${date} by \`npm run test:openstack -- contract\`: the contract of \`packages/openstack/test/contract\`, tried as a
member of one project on ${trials.length - real} simulated and ${real} real sites. Do not edit it; run that again. \`npm test\` tries the simulated ones each time.

**yes**: as wanted. **yes** with a number: done in another way, and the note says what is lost. **NO**: broken.

${table(head, rows)}

## Sites

${table(
  ["site", "release, by what its services show", "evidence"],
  trials.map(({ name, is_real, description: { release } }) => [
    `${name}${is_real ? " (real)" : ""}`,
    release.name,
    release.evidence.map(({ text }) => text).join("; "),
  ]),
)}

## What the probe told

What a member may do, as \`probeCapabilities\` found it without changing anything. **by default**: nothing at the site told, so this is only
what the service's own policy says.

${table(["To …", ...head.slice(1)], capabilityRows(trials))}

## What is lost where a site is too old

${[...notes].map(([text, number]) => `${number}. ${text}`).join("\n")}
${problemsOf(trials)}`;
}

function sayLoss(note: Degraded): string {
  return `${note.lost} ${PROJECT_NAMES[note.service]} ${note.wanted} has it. Instead: ${note.instead}`;
}

function numbered(trials: readonly Trial[]): Map<string, number> {
  const texts = trials.flatMap(({ outcomes }) => outcomes.flatMap(({ notes }) => notes.map(sayLoss)));
  return new Map([...new Set(texts)].map((text, at) => [text, at + 1]));
}

function cellOf(outcome: Outcome | undefined, notes: ReadonlyMap<string, number>): string {
  if (outcome === undefined) return "";
  if (outcome.state === "broken") return "**NO**";
  const numbers = outcome.notes.map((note) => notes.get(sayLoss(note)));
  return numbers.length === 0 ? "yes" : `yes (${[...new Set(numbers)].join(", ")})`;
}

function problemsOf(trials: readonly Trial[]): string {
  const lines = trials.flatMap(({ name, outcomes }) =>
    outcomes.flatMap(({ clause, problem }) =>
      problem === undefined ? [] : [`- ${name}, ${clause.says}: ${problem}`],
    ),
  );
  return lines.length === 0 ? "" : `\n## What is broken\n\n${lines.join("\n")}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
