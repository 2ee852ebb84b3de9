import { Button } from "@mantine/core";
import { IconArrowsTransferUp } from "@tabler/icons-react";
import type { MigrationPlan } from "@uniview/api";
import { amountText, durationText, sizeText } from "../ui/units.ts";
import { CheckTallies } from "./checks.tsx";
import classes from "./migration-review.module.css";

interface MigrationBarProps {
  readonly plan: MigrationPlan;
  readonly replanning: boolean;
  readonly starting: boolean;
  readonly onStart: () => void;
}

/** The sum of the review, always in sight, and the one button. */
export function MigrationBar({ plan, replanning, starting, onStart }: MigrationBarProps) {
  const { downtime, bytes_estimate, disks, checks, can_start } = plan;
  return (
    <section className={classes.bar} aria-label="Summary of the plan">
      <div className={`${classes.figure} ${classes.basis}`}>
        <strong>
          {downtime.estimate_s === null
            ? "Downtime unknown"
            : `About ${durationText(downtime.estimate_s)} of downtime`}
        </strong>
        <span>{downtime.basis}</span>
      </div>
      <div className={classes.figure}>
        <strong>{sizeText(bytes_estimate)}</strong>
        <span>on {amountText(disks.length, "disk")}</span>
      </div>
      <div className={classes.go}>
        <CheckTallies checks={checks} />
        <Button
          size="md"
          leftSection={<IconArrowsTransferUp size={18} />}
          loading={starting}
          disabled={!can_start || replanning}
          onClick={onStart}
        >
          Migrate now
        </Button>
      </div>
    </section>
  );
}
