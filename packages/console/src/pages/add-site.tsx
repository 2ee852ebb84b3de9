import {
  Alert,
  Button,
  Collapse,
  Group,
  Paper,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  UnstyledButton,
} from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { CloudEntryInput } from "@uniview/api";
import { type FormEvent, useMemo, useState } from "react";
import { call, endpoints } from "../api/client.ts";
import { fieldProblem } from "../api/problem.ts";
import { siteQuery } from "../api/sites.ts";
import { type CloudDraft, EMPTY_DRAFT, readDraft, type Way } from "../forms/cloud-draft.ts";
import { CloudFound } from "../forms/cloud-found.tsx";
import { CloudOverrides } from "../forms/cloud-overrides.tsx";
import { CloudSource } from "../forms/cloud-source.tsx";
import { Empty } from "../ui/empty.tsx";
import { Page } from "../ui/page.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";

const route = getRouteApi("/shell/sites/add");

/** Says how to sign in, checks what that finds, and joins the site. */
export function AddSitePage() {
  const { from } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<CloudDraft>({ ...EMPTY_DRAFT, way: from ?? "clouds-yaml" });
  const [typedName, setTypedName] = useState<string>();
  const [more, setMore] = useState(false);
  const read = useMemo(() => readDraft(draft), [draft]);
  const name = typedName ?? read.name ?? "";

  const check = useMutation({
    mutationFn: (cloud: CloudEntryInput) => call(endpoints.checkCloud, { body: { cloud } }),
  });
  const add = useMutation({
    mutationFn: (cloud: CloudEntryInput) => call(endpoints.addSite, { body: { name, cloud } }),
    onSuccess: async (site) => {
      queries.setQueryData(siteQuery(site.name).queryKey, site);
      void queries.invalidateQueries({ queryKey: ["sites"] });
      await navigate({ to: "/sites/$name", params: { name: site.name } });
    },
  });

  const change = (part: Partial<CloudDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
    check.reset();
    add.reset();
  };
  const onWay = (way: Way) => {
    change({ way });
    void navigate({ search: way === "clouds-yaml" ? {} : { from: way }, replace: true });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!read.cloud) return;
    if (check.data) add.mutate(read.cloud);
    else check.mutate(read.cloud);
  };
  const nameProblem = fieldProblem(add.error, "name");

  return (
    <Page title="Add a site" trail={<Link to="/sites">Sites</Link>}>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
        <form onSubmit={submit}>
          <Stack gap="md">
            <CloudSource draft={draft} read={read} onChange={change} onWay={onWay} />
            {read.cacert && (
              <Alert color="yellow" title="The entry names a CA file">
                <span className="mono">{read.cacert}</span> is on your machine: upload it below.
              </Alert>
            )}
            <UnstyledButton
              onClick={() => setMore(!more)}
              aria-expanded={more || !!read.cacert}
              fz="sm"
              fw={500}
            >
              <Group gap={4}>
                {more ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
                Region, interface, CA file
              </Group>
            </UnstyledButton>
            <Collapse expanded={more || !!read.cacert}>
              <CloudOverrides draft={draft} onChange={change} regions={check.data?.discovery.regions ?? []} />
            </Collapse>
            <TextInput
              label="Name of the site in Uniview"
              description="1 to 39 of a-z, 0-9 and -"
              placeholder="paris-1"
              value={name}
              onChange={(event) => {
                setTypedName(event.currentTarget.value);
                add.reset();
              }}
              error={nameProblem}
              autoCapitalize="none"
              required={!!check.data}
            />
            <Group>
              <Button
                variant={check.data ? "default" : "filled"}
                loading={check.isPending}
                disabled={!read.cloud || add.isPending}
                onClick={() => read.cloud && check.mutate(read.cloud)}
              >
                Check
              </Button>
              <Button
                type="submit"
                variant={check.data ? "filled" : "default"}
                loading={add.isPending}
                disabled={!check.data || name === ""}
              >
                Add site
              </Button>
            </Group>
            {add.isError && !nameProblem && <ProblemBox problem={add.error} />}
          </Stack>
        </form>
        <Paper
          withBorder
          p="lg"
          style={{ alignSelf: "start" }}
          component="section"
          aria-label="What the check found"
        >
          {check.isError && <ProblemBox problem={check.error} />}
          {check.data && <CloudFound check={check.data} />}
          {check.isPending && <Text size="sm">Signing in and asking every service for its versions…</Text>}
          {check.isIdle && (
            <Empty title="Nothing is installed in a site">
              “Check” signs in and shows every service, its versions and what will be different there; it
              stores and changes nothing. “Add site” then makes an application credential for Uniview, and
              forgets the password.
            </Empty>
          )}
        </Paper>
      </SimpleGrid>
    </Page>
  );
}
