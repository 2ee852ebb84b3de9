import { Stack, Text } from "@mantine/core";
import type { MigrationPlan } from "@uniview/api";
import type { MappingKind } from "../paths/migration-search.ts";
import { Section } from "../ui/page.tsx";
import { Checks } from "./checks.tsx";
import { MappingsTable } from "./mappings-table.tsx";
import classes from "./migration-review.module.css";
import { PlannedDisks } from "./planned-disks.tsx";
import { PlannedPorts } from "./planned-ports.tsx";

interface MigrationReviewProps {
  readonly plan: MigrationPlan;
  readonly replanning: boolean;
  readonly onMap: (kind: MappingKind, source: string, target: string) => void;
}

/** Everything that a migration will do, before it does anything. */
export function MigrationReview({ plan, replanning, onMap }: MigrationReviewProps) {
  return (
    <div className={classes.review} data-replanning={replanning || undefined} aria-busy={replanning}>
      <Section title="Pre-flight">
        <Checks checks={plan.checks} />
      </Section>
      {plan.degraded.length > 0 && (
        <Section title="Done another way on this pair of sites">
          <Stack gap={4}>
            {plan.degraded.map((note) => (
              <Text size="sm" key={note}>
                {note}
              </Text>
            ))}
          </Stack>
        </Section>
      )}
      <Section title="What becomes what">
        <MappingsTable rows={plan.mappings} onMap={onMap} />
      </Section>
      <Section title="Disks">
        <PlannedDisks disks={plan.disks} />
      </Section>
      <Section title="Ports">
        <PlannedPorts ports={plan.ports} />
      </Section>
    </div>
  );
}
