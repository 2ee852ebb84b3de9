import { Text } from "@mantine/core";
import type { Limitation } from "@uniview/api";
import classes from "./limitations.module.css";
import { StateIcon } from "./state-mark.tsx";
import { CHECK_STATES } from "./states.ts";

/** What will not work at a site, or works in another way there. */
export function Limitations({ limitations }: { readonly limitations: readonly Limitation[] }) {
  if (limitations.length === 0) {
    return (
      <div className={classes.row}>
        <StateIcon state={CHECK_STATES.pass} />
        <Text size="sm">Everything that Uniview does works here.</Text>
      </div>
    );
  }
  return (
    <ul className={classes.list}>
      {limitations.map(({ what, why, remedy }) => (
        <li key={what + why} className={classes.row}>
          <StateIcon state={CHECK_STATES.warn} />
          <div>
            <Text size="sm" fw={550}>
              {what}
            </Text>
            <Text size="sm" c="dimmed">
              {why}
            </Text>
            {remedy && <Text size="sm">{remedy}</Text>}
          </div>
        </li>
      ))}
    </ul>
  );
}
