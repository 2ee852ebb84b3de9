import { Button, SimpleGrid } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Site } from "@uniview/api";
import { Age } from "../ui/age.tsx";
import { Empty } from "../ui/empty.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { SITE_STATES } from "../ui/states.ts";
import { amountText } from "../ui/units.ts";
import classes from "./target-sites.module.css";

interface TargetSitesProps {
  readonly sites: readonly Site[];
  readonly chosen: string | undefined;
  readonly onChoose: (site: string) => void;
}

export function TargetSites({ sites, chosen, onChoose }: TargetSitesProps) {
  if (sites.length === 0) {
    return (
      <Empty
        title="There is no other site"
        action={
          <Button component={Link} to="/sites/add">
            Add a site
          </Button>
        }
      >
        A migration needs a second site that you were granted.
      </Empty>
    );
  }
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm" role="radiogroup" aria-label="Target site">
      {sites.map(({ name, state, discovery, counts, as_of, region_name }) => (
        <label key={name} className={classes.site} data-chosen={chosen === name || undefined}>
          <input
            type="radio"
            name="target-site"
            value={name}
            checked={chosen === name}
            onChange={() => onChoose(name)}
            aria-label={name}
          />
          <span className={classes.text}>
            <span className={classes.head}>
              <strong>{name}</strong>
              <StateMark state={SITE_STATES[state]} />
            </span>
            <span className="dim">
              OpenStack {discovery.release.label}
              {region_name && ` · ${region_name}`}
            </span>
            <span className="dim">
              {amountText(counts["servers"] ?? 0, "server")} · read <Age at={as_of} />
            </span>
          </span>
        </label>
      ))}
    </SimpleGrid>
  );
}
