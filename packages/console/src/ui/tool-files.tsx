import { Alert, Group, Select, Stack, Tabs } from "@mantine/core";
import type { CreatedApplicationCredential, Project } from "@uniview/api";
import { cloudsYaml, openrc, terraformProvider } from "@uniview/api/client-files";
import { TOOL_FILES, type ToolFile } from "../paths/tools-search.ts";
import { CodeBox } from "./code-box.tsx";

/** The region that is all sites at once. */
const GLOBAL = "global";
/** Where the secret will stand. */
const NOT_YET = "…";

const TITLES: Record<ToolFile, { readonly title: string; readonly label: string; readonly copy: string }> = {
  "clouds.yaml": { title: "clouds.yaml", label: "~/.config/openstack/clouds.yaml", copy: "Copy clouds.yaml" },
  openrc: { title: "openrc", label: "uniview-openrc.sh", copy: "Copy openrc" },
  terraform: { title: "Terraform", label: "providers.tf", copy: "Copy providers" },
};
const THEN: Record<ToolFile, string> = {
  "clouds.yaml": "openstack --os-cloud uniview server list",
  openrc: "source uniview-openrc.sh && openstack server list",
  terraform: "terraform init && terraform plan",
};

interface ToolFilesProps {
  readonly project: Project;
  readonly created: CreatedApplicationCredential | undefined;
  readonly onKept: () => void;
  readonly file: ToolFile;
  readonly onFile: (file: ToolFile) => void;
  readonly region: string | undefined;
  readonly onRegion: (region: string) => void;
}

/** What clients read, ready to copy; with the secret of the credential that was made a moment ago. */
export function ToolFiles({ project, created, onKept, file, onFile, region, onRegion }: ToolFilesProps) {
  const sites = project.sites.map(({ site }) => site);
  const region_name = region ?? sites[0] ?? GLOBAL;
  const access = {
    url: window.location.origin,
    application_credential_id: created?.id ?? NOT_YET,
    application_credential_secret: created?.secret ?? NOT_YET,
    region_name,
  };
  const texts: Record<ToolFile, string> = {
    "clouds.yaml": cloudsYaml(access),
    openrc: openrc(access),
    terraform: terraformProvider(
      access,
      sites.filter((site) => site !== region_name),
    ),
  };
  const { label, copy } = TITLES[file];
  return (
    <Stack gap="sm">
      {created && (
        <Alert
          bg="var(--chosen)"
          title={`The secret of ${created.name} is shown once`}
          withCloseButton
          closeButtonLabel="I have kept it"
          onClose={onKept}
        >
          It stands in the files below until you leave this page. Uniview keeps a hash of it only.
        </Alert>
      )}
      <Group justify="space-between" align="flex-end" gap="sm">
        <Tabs value={file} onChange={(value) => onFile(TOOL_FILES.find((one) => one === value) ?? file)}>
          <Tabs.List aria-label="Files">
            {TOOL_FILES.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {TITLES[one].title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
        <Select
          label="Begin with"
          data={[...sites, { value: GLOBAL, label: "global: all sites at once" }]}
          value={region_name}
          onChange={(value) => onRegion(value ?? GLOBAL)}
          allowDeselect={false}
          w={240}
        />
      </Group>
      <CodeBox text={texts[file]} label={label} copy={copy} />
      <CodeBox text={THEN[file]} label="Then" copy="Copy the command" />
    </Stack>
  );
}
