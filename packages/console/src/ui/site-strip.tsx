import { Tooltip, UnstyledButton } from "@mantine/core";
import type { SiteFreshness } from "@uniview/api";
import { ageText, instantText } from "./ages.ts";
import { useNow } from "./clock.ts";
import classes from "./site-strip.module.css";
import { StateIcon } from "./state-mark.tsx";
import { SITE_STATES } from "./states.ts";

interface SiteStripProps {
  readonly sites: readonly SiteFreshness[];
  readonly chosen: string | undefined;
  readonly onChoose: (site: string | null) => void;
}

/** How old each site's part of a list is. A click shows that site alone. */
export function SiteStrip({ sites, chosen, onChoose }: SiteStripProps) {
  const now = useNow();
  return (
    <ul className={classes.strip} aria-label="Sites of this list">
      {sites.map(({ site, state, as_of, problem }) => {
        const age = as_of === null ? "not read yet" : ageText(as_of, now);
        const hint = problem?.detail ?? (as_of ? `Read in full at ${instantText(as_of)}` : "Being read");
        return (
          <li key={site}>
            <Tooltip label={hint}>
              <UnstyledButton
                className={classes.chip}
                data-state={state}
                aria-pressed={chosen === site}
                aria-label={`${site}: ${SITE_STATES[state].word}, ${age}`}
                onClick={() => onChoose(chosen === site ? null : site)}
              >
                <StateIcon state={SITE_STATES[state]} size={13} />
                <strong>{site}</strong>
                <span className={classes.state}>{SITE_STATES[state].word}</span>
                <span className={classes.age}>{age}</span>
              </UnstyledButton>
            </Tooltip>
          </li>
        );
      })}
    </ul>
  );
}
