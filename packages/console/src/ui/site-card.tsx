import { Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Site } from "@uniview/api";
import { KINDS } from "../paths/kinds.ts";
import { Age } from "./age.tsx";
import classes from "./site-card.module.css";
import { StateMark } from "./state-mark.tsx";
import { SITE_STATES } from "./states.ts";
import { amountText, countText } from "./units.ts";

const COUNTED = ["servers", "volumes", "images", "networks"] as const;

/** One site at a glance: what it is, how it does, how old what we know is. */
export function SiteCard({ site }: { readonly site: Site }) {
  const { name, state, discovery, projects, counts, latency_ms, problem, as_of, unreachable_since } = site;
  const unreachable = state === "unreachable";
  return (
    <article className={classes.card} data-state={state} aria-label={`Site ${name}`}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Link to="/sites/$name" params={{ name }} className={classes.name}>
          {name}
        </Link>
        <StateMark state={SITE_STATES[state]} pill />
      </Group>
      <Text size="sm" c="dimmed" className="truncate" title={discovery.release.evidence}>
        OpenStack {discovery.release.label}
        {site.region_name && ` · ${site.region_name}`}
      </Text>
      {unreachable ? (
        <Text size="sm" className={classes.problem}>
          {problem?.detail ?? "The site does not answer."}
          {unreachable_since && (
            <>
              {" "}
              Since <Age at={unreachable_since} />.
            </>
          )}
        </Text>
      ) : (
        <div className={classes.counts}>
          {COUNTED.map((kind) => (
            <Link
              key={kind}
              to="/$kind"
              params={{ kind }}
              search={{ q: `site:${name}` }}
              className={classes.count}
              aria-label={`${amountText(counts[kind] ?? 0, KINDS[kind].one)} at ${name}`}
            >
              <strong>{countText(counts[kind] ?? 0)}</strong>
              {(counts[kind] ?? 0) === 1 ? KINDS[kind].one : KINDS[kind].many}
            </Link>
          ))}
        </div>
      )}
      <div className={classes.foot}>
        <span>
          read <Age at={as_of} />
        </span>
        {latency_ms !== null && !unreachable && <span>{Math.round(latency_ms)} ms</span>}
        <span className="truncate">{projectsText(projects.map((project) => project.name))}</span>
      </div>
    </article>
  );
}

function projectsText(names: readonly string[]): string {
  const [first] = names;
  if (first === undefined) return "no project";
  return names.length === 1 ? `project ${first}` : `projects ${names.join(", ")}`;
}
