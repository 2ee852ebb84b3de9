import { Group, PasswordInput, Select, Stack, Tabs, Text, Textarea } from "@mantine/core";
import { ProblemBox } from "../ui/problem-box.tsx";
import type { CloudDraft, ReadDraft, Way } from "./cloud-draft.ts";
import { CloudFields } from "./cloud-fields.tsx";
import classes from "./cloud-source.module.css";
import { TextFileButton } from "./text-file-button.tsx";

interface CloudSourceProps {
  readonly draft: CloudDraft;
  readonly read: ReadDraft;
  readonly onChange: (part: Partial<CloudDraft>) => void;
  readonly onWay: (way: Way) => void;
}

const YAML_EXAMPLE = `clouds:
  mysite:
    auth:
      auth_url: https://keystone.example.org/v3
      username: demo
      password: …
      project_name: demo
      user_domain_name: Default
      project_domain_name: Default
    region_name: RegionOne`;

/** The three ways to say how a site is signed in to. */
export function CloudSource({ draft, read, onChange, onWay }: CloudSourceProps) {
  return (
    <Tabs value={draft.way} onChange={(way) => onWay((way ?? "clouds-yaml") as Way)} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="clouds-yaml">clouds.yaml</Tabs.Tab>
        <Tabs.Tab value="openrc">openrc</Tabs.Tab>
        <Tabs.Tab value="form">Form</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="clouds-yaml">
        <Stack gap="sm">
          <Textarea
            label="clouds.yaml"
            description="Paste the whole file. Only the chosen entry leaves this page."
            placeholder={YAML_EXAMPLE}
            value={draft.yaml}
            onChange={(event) => onChange({ yaml: event.currentTarget.value, entry: undefined })}
            classNames={{ input: classes.code }}
            autosize
            minRows={11}
            maxRows={22}
            spellCheck={false}
          />
          <Group justify="space-between">
            <TextFileButton
              accept=".yaml,.yml,text/*"
              onText={(yaml) => onChange({ yaml, entry: undefined })}
            >
              Upload a file
            </TextFileButton>
            {read.entries.length === 1 && (
              <Text size="sm" c="dimmed">
                Entry <strong>{read.entries[0]}</strong>
              </Text>
            )}
          </Group>
          {read.entries.length > 1 && (
            <Select
              label="Entry"
              data={[...read.entries]}
              value={draft.entry ?? read.entries[0] ?? null}
              onChange={(entry) => onChange({ entry: entry ?? undefined })}
              allowDeselect={false}
            />
          )}
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="openrc">
        <Stack gap="sm">
          <Textarea
            label="openrc"
            description="The file that the site's dashboard offers as “OpenStack RC file”. It is read, never run."
            placeholder={"export OS_AUTH_URL=https://keystone.example.org/v3\nexport OS_PROJECT_NAME=demo\n…"}
            value={draft.openrc}
            onChange={(event) => onChange({ openrc: event.currentTarget.value })}
            classNames={{ input: classes.code }}
            autosize
            minRows={9}
            maxRows={22}
            spellCheck={false}
          />
          <Group>
            <TextFileButton accept=".sh,text/*" onText={(openrc) => onChange({ openrc })}>
              Upload a file
            </TextFileButton>
          </Group>
          <PasswordInput
            label="Password"
            description="If the openrc asks for it"
            value={draft.openrc_password}
            onChange={(event) => onChange({ openrc_password: event.currentTarget.value })}
            autoComplete="off"
          />
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="form">
        <CloudFields form={draft.form} onChange={(form) => onChange({ form })} />
      </Tabs.Panel>
      {read.problem && (
        <div className={classes.problem}>
          <ProblemBox problem={read.problem} tone="warn" title="This cannot be read yet" />
        </div>
      )}
    </Tabs>
  );
}
