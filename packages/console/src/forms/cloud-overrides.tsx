import { Group, Select, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import type { CloudDraft } from "./cloud-draft.ts";
import classes from "./cloud-source.module.css";
import { TextFileButton } from "./text-file-button.tsx";

interface CloudOverridesProps {
  readonly draft: CloudDraft;
  readonly onChange: (part: Partial<CloudDraft>) => void;
  /** Regions that the check found; empty before it. */
  readonly regions: readonly string[];
}

/** What may be said beside the entry: region, interface, certificates. */
export function CloudOverrides({ draft, onChange, regions }: CloudOverridesProps) {
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {regions.length > 1 ? (
          <Select
            label="Region"
            description="This Keystone serves several"
            placeholder="As the entry says"
            data={[...regions]}
            value={draft.region_name || null}
            onChange={(region) => onChange({ region_name: region ?? "" })}
            clearable
          />
        ) : (
          <TextInput
            label="Region"
            placeholder="As the entry says"
            value={draft.region_name}
            onChange={(event) => onChange({ region_name: event.currentTarget.value })}
          />
        )}
        <Select
          label="Interface of the endpoints"
          placeholder="As the entry says"
          data={["public", "internal", "admin"]}
          value={draft.interface || null}
          onChange={(value) => onChange({ interface: (value ?? "") as CloudDraft["interface"] })}
          clearable
        />
      </SimpleGrid>
      <Textarea
        label="CA certificates"
        description="PEM, where the site's certificate is not signed by a public authority"
        placeholder="-----BEGIN CERTIFICATE-----"
        value={draft.ca_pem}
        onChange={(event) => onChange({ ca_pem: event.currentTarget.value })}
        classNames={{ input: classes.code }}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
      />
      <Group>
        <TextFileButton accept=".pem,.crt,.cer,text/*" onText={(ca_pem) => onChange({ ca_pem })}>
          Upload a CA file
        </TextFileButton>
      </Group>
    </Stack>
  );
}
