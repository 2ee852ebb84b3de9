import { Group, Select, Switch, TextInput } from "@mantine/core";
import type { SiteProject } from "@uniview/api";
import { useEffect, useState } from "react";

/** A pause in typing this long is taken as the name. */
const PAUSE_MS = 500;

interface MigrationOptionsProps {
  readonly name: string;
  readonly usualName: string;
  readonly running: boolean;
  /** Empty: there is nothing to choose. */
  readonly projects: readonly SiteProject[];
  readonly project: string | undefined;
  readonly onChange: (part: {
    name?: string | undefined;
    running?: "yes" | undefined;
    project?: string;
  }) => void;
}

export function MigrationOptions(props: MigrationOptionsProps) {
  const { name, usualName, running, projects, project, onChange } = props;
  const [text, setText] = useState(name);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing changes the name
  useEffect(() => {
    if (text === name) return;
    const timer = setTimeout(() => onChange({ name: text || undefined }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <Group gap="lg" align="flex-end">
      <TextInput
        label="Name at the target"
        placeholder={usualName}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        w={260}
      />
      {projects.length > 0 && (
        <Select
          label="Project at the target"
          data={projects.map((each) => ({ value: each.id, label: each.name }))}
          value={project ?? null}
          onChange={(value) => value && onChange({ project: value })}
          allowDeselect={false}
        />
      )}
      <Switch
        label="Keep the source running"
        description="Copies a running disk: as after a power cut at best"
        checked={running}
        onChange={(event) => onChange({ running: event.currentTarget.checked ? "yes" : undefined })}
        mb={2}
      />
    </Group>
  );
}
