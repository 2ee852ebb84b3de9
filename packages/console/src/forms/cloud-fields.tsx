import { PasswordInput, SegmentedControl, SimpleGrid, Stack, TextInput } from "@mantine/core";
import type { CloudForm } from "./cloud-draft.ts";

interface CloudFieldsProps {
  readonly form: CloudForm;
  readonly onChange: (form: CloudForm) => void;
}

type TextField = Exclude<keyof CloudForm, "auth_type">;

/** The fields of one entry, for whoever has no file. */
export function CloudFields({ form, onChange }: CloudFieldsProps) {
  const field = (name: TextField) => ({
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...form, [name]: event.currentTarget.value }),
    autoComplete: "off",
  });
  return (
    <Stack gap="sm">
      <TextInput
        label="Identity URL"
        description="Keystone's address, auth_url in OpenStack's files"
        placeholder="https://keystone.example.org/v3"
        type="url"
        {...field("auth_url")}
      />
      <SegmentedControl
        aria-label="How to sign in"
        value={form.auth_type}
        onChange={(auth_type) => onChange({ ...form, auth_type: auth_type as CloudForm["auth_type"] })}
        data={[
          { value: "password", label: "Name and password" },
          { value: "v3applicationcredential", label: "Application credential" },
        ]}
      />
      {form.auth_type === "password" ? (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput label="User" autoCapitalize="none" {...field("username")} />
          <TextInput label="User's domain" {...field("user_domain_name")} />
          <PasswordInput label="Password" {...field("password")} />
          <span />
          <TextInput label="Project" {...field("project_name")} />
          <TextInput label="Project's domain" {...field("project_domain_name")} />
        </SimpleGrid>
      ) : (
        <>
          <TextInput label="Application credential id" {...field("application_credential_id")} />
          <PasswordInput label="Secret" {...field("application_credential_secret")} />
        </>
      )}
    </Stack>
  );
}
