import type { MigrationPlan } from "@uniview/api";
import { renderFacts, section, stack } from "./facts.ts";
import type { Paint } from "./paint.ts";
import { count, formatBytes, formatDuration } from "./quantities.ts";
import { outcomeState } from "./state.ts";
import { renderTable } from "./table.ts";
import { harmless } from "./text-width.ts";

const WORST_FIRST = ["fail", "warn", "pass"] as const;

/** A migration before it begins: what was checked, what becomes what, and how long the server will be away. */
export function renderPlan(plan: MigrationPlan, paint: Paint, width: number | undefined): string {
  const { server, target, downtime, disks, ports, mappings, degraded } = plan;
  const inner = { paint, width: width === undefined ? undefined : width - 2 };
  const list = <R>(rows: readonly R[], columns: Parameters<typeof renderTable<R>>[0]) =>
    rows.length === 0 ? "" : renderTable(columns, rows, inner);
  return stack(
    renderFacts(
      [
        ["from", `${server.site}/${server.name} (${server.status})`],
        ["to", `${target.site}/${target.name}, project ${target.project_name}`],
        ["to move", `about ${formatBytes(plan.bytes_estimate)} on ${count(disks.length, "disk")}`],
        [
          "downtime",
          `${downtime.estimate_s === null ? "unknown" : `about ${formatDuration(downtime.estimate_s)}`} (${downtime.basis})`,
        ],
        ["consistency", plan.consistency],
      ],
      paint,
    ),
    section("Checks", renderChecks(plan, paint), paint),
    section(
      "Mappings",
      list(mappings, [
        { title: "Kind", cell: ({ kind }) => kind.replace("_", " ") },
        { title: "Source", cell: ({ source }) => source.name, cut: true },
        {
          title: "Target",
          cell: ({ target, creates }) =>
            target
              ? target.name
              : creates
                ? { text: "(made as at the source)" }
                : { text: "✗ none", style: "red" },
          cut: true,
        },
        { title: "Why", cell: ({ why }) => why, cut: true },
        { title: "Others", cell: ({ choices, target }) => otherChoices(choices, target?.id), cut: true },
      ]),
      paint,
    ),
    section(
      "Disks",
      list(disks, [
        { title: "Disk", cell: ({ name }) => name, cut: true },
        { title: "Kind", cell: ({ kind, boot_index }) => (boot_index === 0 ? `${kind}, boot` : kind) },
        { title: "Size", cell: ({ size_bytes }) => formatBytes(size_bytes), align: "right" },
        {
          title: "Type",
          cell: ({ volume_type, target_volume_type }) => change(volume_type, target_volume_type),
          cut: true,
        },
        { title: "Mechanism", cell: ({ mechanism }) => mechanism },
        { title: "Why", cell: ({ why }) => why, cut: true },
      ]),
      paint,
    ),
    section(
      "Ports",
      list(ports, [
        {
          title: "Network",
          cell: ({ network, target_network }) => change(network, target_network),
          cut: true,
        },
        {
          title: "MAC address",
          cell: ({ mac_address, keeps_mac }) => `${mac_address} ${keeps_mac ? "kept" : "changes"}`,
        },
        {
          title: "Fixed IPs",
          cell: ({ fixed_ips, keeps_fixed_ips }) =>
            `${fixed_ips.join(" ")} ${keeps_fixed_ips ? "kept" : "change"}`,
        },
        {
          title: "Floating IP",
          cell: ({ floating_ip, target_floating_network }) =>
            floating_ip && change(floating_ip, target_floating_network),
        },
        { title: "Why", cell: ({ why }) => why, cut: true },
      ]),
      paint,
    ),
    section(
      "What is lost, or done another way",
      degraded.map((note) => `${paint("yellow", "!")} ${harmless(note)}`).join("\n"),
      paint,
    ),
  );
}

function renderChecks({ checks }: MigrationPlan, paint: Paint): string {
  return WORST_FIRST.flatMap((outcome) => checks.filter((check) => check.outcome === outcome))
    .map(({ outcome, title, detail, remedy }) => {
      const { text, style } = outcomeState(outcome);
      const line = `${style ? paint(style, text) : text}  ${harmless(title)}: ${paint("dim", harmless(detail))}`;
      return remedy && outcome !== "pass" ? `${line}\n        ${harmless(remedy)}` : line;
    })
    .join("\n");
}

function change(from: string | null, to: string | null): string {
  if (from === to || to === null) return from ?? "";
  return `${from ?? "default"} → ${to}`;
}

function otherChoices(
  choices: MigrationPlan["mappings"][number]["choices"],
  chosen: string | undefined,
): string {
  return choices
    .filter(({ id, fits }) => fits && id !== chosen)
    .map(({ name }) => name)
    .join(", ");
}
