import type { DiscoveredService, Discovery, Site, SiteProject } from "@uniview/api";
import { renderFacts, section, stack } from "./facts.ts";
import type { Paint } from "./paint.ts";
import { renderProblem } from "./problem-view.ts";
import { formatAge } from "./quantities.ts";
import { resourceState, siteState } from "./state.ts";
import { renderTable } from "./table.ts";
import { harmless } from "./text-width.ts";

interface View {
  readonly paint: Paint;
  readonly width: number | undefined;
  readonly now: Date;
}

/** A site's page: facts, projects, the discovery table, limitations. */
export function renderSite(site: Site, view: View): string {
  const { paint, now } = view;
  const counts = Object.entries(site.counts).filter(([, count]) => count > 0);
  return stack(
    renderFacts(
      [
        ["site", { text: site.name, style: "bold" }],
        ["state", siteState(site.state)],
        ["as of", formatAge(site.as_of, now)],
        [
          "unreachable",
          site.unreachable_since &&
            `since ${site.unreachable_since} (${formatAge(site.unreachable_since, now)})`,
        ],
        ["identity", site.auth_url],
        ["region", site.region_name],
        ["interface", site.interface === "public" ? "" : site.interface],
        ["release", site.discovery.release.label],
        ["evidence", site.discovery.release.evidence],
        ["latency", site.latency_ms === null ? "" : `${Math.round(site.latency_ms)} ms`],
        ["holds", counts.map(([kind, count]) => `${count} ${kind.replace("-", " ")}`).join(", ")],
        ["joined", `${site.joined_at} (${formatAge(site.joined_at, now)})`],
      ],
      paint,
    ),
    site.problem ? renderProblem(site.problem, paint) : "",
    section("Projects", site.projects.map((project) => renderProject(project, paint)).join("\n"), paint),
    renderDiscovery(site.discovery, view),
  );
}

/** What a site was found to be: one table of its services, and what will not work there. */
export function renderDiscovery(
  { services, limitations, certificate_expires_at }: Discovery,
  { paint, width, now }: View,
): string {
  return stack(
    section(
      "Services",
      renderTable<DiscoveredService>(
        [
          { title: "Service", cell: ({ type }) => type },
          { title: "State", cell: ({ state }) => resourceState(state) },
          { title: "Version", cell: ({ version }) => version },
          { title: "Microversions", cell: microversions },
          { title: "Release", cell: ({ release }) => release?.label },
          { title: "Endpoint", cell: ({ endpoint }) => endpoint, cut: true },
          ...(services.some(({ problem }) => problem)
            ? [{ title: "Problem", cell: ({ problem }: DiscoveredService) => problem, cut: true as const }]
            : []),
        ],
        services,
        { paint, width: width === undefined ? undefined : width - 2 },
      ),
      paint,
    ),
    section(
      "What will not work, or not as usual",
      limitations
        .map(
          ({ what, why, remedy }) =>
            harmless(`${what.replace(/\.$/, "")}: ${why}`) +
            (remedy ? `\n${paint("dim", harmless(remedy))}` : ""),
        )
        .join("\n"),
      paint,
    ),
    certificate_expires_at === null
      ? ""
      : `Certificate expires ${certificate_expires_at}${new Date(certificate_expires_at) < now ? paint("red", " (it has)") : ""}.`,
  );
}

function renderProject(
  { name, domain_name, user_name, roles, credential }: SiteProject,
  paint: Paint,
): string {
  const kind =
    credential.kind === "password"
      ? "sealed password"
      : credential.minted
        ? "application credential made by Uniview"
        : "your application credential";
  const until = credential.expires_at === null ? "" : `, until ${credential.expires_at}`;
  const line = `${harmless(name)}  ${paint("dim", harmless(`domain ${domain_name}, user ${user_name}, roles ${roles.join(" ")}, ${kind}${until}`))}`;
  return credential.note ? `${line}\n${paint("yellow", `! ${harmless(credential.note)}`)}` : line;
}

function microversions({ min_microversion, max_microversion }: DiscoveredService): string {
  if (max_microversion === null) return "";
  return min_microversion === null
    ? `up to ${max_microversion}`
    : `${min_microversion} to ${max_microversion}`;
}
