import type {
  CapabilityChange,
  CapabilityColumn,
  CapabilityMatrix,
  CapabilityRow,
  OperationHere,
  SiteCapabilities,
} from "@uniview/api";
import { capabilityState, operationState } from "./capability-state.ts";
import { section, stack } from "./facts.ts";
import type { Paint } from "./paint.ts";
import { formatAge } from "./quantities.ts";
import { type Column, renderTable } from "./table.ts";
import { harmless } from "./text-width.ts";

interface View {
  readonly paint: Paint;
  readonly width: number | undefined;
  readonly now: Date;
}

/** Two columns of indentation of what stands below a heading. */
const INDENT = 2;

/** Every capability by every project of every site, and what changed. */
export function renderMatrix({ columns, rows, changes }: CapabilityMatrix, view: View): string {
  const { paint, width } = view;
  const table = renderTable<CapabilityRow>(
    [
      { title: "Service", cell: ({ service }) => service },
      { title: "To", cell: ({ does }) => does, cut: true },
      ...columns.map(
        ({ id, ...column }): Column<CapabilityRow> => ({
          title: titleOf(column, columns),
          cell: ({ cells }) => capabilityState(cells.find((cell) => cell.column_id === id)),
        }),
      ),
    ],
    rows,
    { paint, width },
  );
  return stack(rows.length === 0 ? "" : table, renderChanges(changes, view));
}

/** One site: capabilities with what they stand on, operations with their price, and what changed. */
export function renderSiteCapabilities(
  { columns, rows, changes, operations }: SiteCapabilities,
  view: View,
): string {
  const { paint, width } = view;
  const within = { paint, width: width === undefined ? undefined : width - INDENT };
  const parts = columns.map((column) => {
    const { id, project_name, user_name, probed_at, problems } = column;
    const known = rows.flatMap((row) => {
      const cell = row.cells.find(({ column_id }) => column_id === id);
      return cell === undefined ? [] : [{ ...row, cell }];
    });
    const table = renderTable<(typeof known)[number]>(
      [
        { title: "Service", cell: ({ service }) => service },
        { title: "To", cell: ({ does }) => does, cut: true },
        { title: "State", cell: ({ cell }) => capabilityState(cell) },
        { title: "By", cell: ({ cell }) => cell.how.replace("_", " ") },
        { title: "Since", cell: ({ cell }) => formatAge(cell.since, view.now) },
        { title: "Detail", cell: ({ cell }) => cell.detail ?? cell.evidence?.said, cut: true },
      ],
      known,
      within,
    );
    const asked = probed_at === null ? "not probed yet" : `probed ${formatAge(probed_at, view.now)}`;
    const troubles = problems.map(({ service, problem }) =>
      paint("yellow", `! ${harmless(`${service}: ${problem}`)}`),
    );
    const title = `What project ${project_name} may do as ${user_name} (${asked})`;
    return section(harmless(title), [...troubles, ...(known.length > 0 ? [table] : [])].join("\n"), paint);
  });
  const ways = renderTable<OperationHere>(
    [
      { title: "Service", cell: ({ service }) => service },
      { title: "To", cell: ({ does }) => does, cut: true },
      { title: "Here", cell: operationState },
      { title: "Asks for", cell: ({ microversion }) => microversion ?? "any" },
      { title: "Wanted", cell: ({ wanted }) => wanted ?? "any" },
      { title: "Lost", cell: ({ lost }) => lost, cut: true },
    ],
    operations,
    within,
  );
  return stack(...parts, section("How operations go here", ways, paint), renderChanges(changes, view));
}

function renderChanges(changes: readonly CapabilityChange[], { paint, now }: View): string {
  const lines = changes.map(
    ({ changed_at, text }) => `${paint("dim", formatAge(changed_at, now))}  ${harmless(text)}`,
  );
  return section("Changes", lines.join("\n"), paint);
}

/** The site, and its project where it has several columns. */
function titleOf(column: Omit<CapabilityColumn, "id">, all: readonly CapabilityColumn[]): string {
  const of_site = all.filter(({ site }) => site === column.site);
  if (of_site.length === 1) return column.site;
  const same_name = of_site.filter(({ project_name }) => project_name === column.project_name);
  const as = same_name.length === 1 ? "" : ` (${column.user_name})`;
  return `${column.site}/${column.project_name}${as}`;
}
