import type { CapabilityChange } from "@uniview/api";
import { Age } from "./age.tsx";
import classes from "./capability-changes.module.css";

/** What was known to be otherwise, the newest first. */
export function CapabilityChanges({ changes }: { readonly changes: readonly CapabilityChange[] }) {
  return (
    <ul className={classes.list} aria-label="Changes">
      {changes.map((change) => (
        <li key={change.column_id + change.capability + change.changed_at} className={classes.change}>
          <span className={classes.age}>
            <Age at={change.changed_at} />
          </span>
          <span>{change.text}</span>
        </li>
      ))}
    </ul>
  );
}
