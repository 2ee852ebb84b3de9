import { Stack, Text } from "@mantine/core";
import type { CloudCheck } from "@uniview/api";
import { DiscoveryTable } from "../ui/discovery-table.tsx";
import { Fact, Facts } from "../ui/facts.tsx";
import { Limitations } from "../ui/limitations.tsx";
import { Section } from "../ui/page.tsx";
import { durationText } from "../ui/units.ts";

/** What a check of an entry found, before anything is stored. */
export function CloudFound({ check }: { readonly check: CloudCheck }) {
  const { discovery, project, region_name } = check;
  return (
    <Stack gap="lg">
      <Facts columns>
        <Fact name="Release">{discovery.release.label}</Fact>
        <Fact name="Region">{region_name}</Fact>
        <Fact name="Project">{project.name}</Fact>
        <Fact name="User">{project.user_name}</Fact>
        <Fact name="Roles">{project.roles.join(", ")}</Fact>
        <Fact name="Evidence of the release" wide>
          {discovery.release.evidence}
        </Fact>
      </Facts>
      <Section
        title="Services"
        aside={
          <Text size="xs" c="dimmed">
            found in {durationText(discovery.took_ms / 1000)}
          </Text>
        }
      >
        <DiscoveryTable services={discovery.services} slim />
      </Section>
      <Section title="What will be different here">
        <Limitations limitations={discovery.limitations} />
      </Section>
    </Stack>
  );
}
