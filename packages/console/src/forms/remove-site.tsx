import { Checkbox, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Site } from "@uniview/api";
import { useState } from "react";
import { call, endpoints } from "../api/client.ts";
import { ConfirmButton } from "../ui/confirm-button.tsx";

/** Takes a site out of Uniview, and Uniview out of the site. */
export function RemoveSite({ site: { name, state } }: { readonly site: Site }) {
  const [force, setForce] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () =>
      call(endpoints.removeSite, { params: { name }, ...(force ? { query: { force: "true" } } : {}) }),
    onSuccess: async ({ left_behind }) => {
      notifications.show({
        title: `${name} is removed`,
        message:
          left_behind.length === 0
            ? "Nothing of Uniview is left at the site."
            : `Left at the site, to be deleted by hand: ${left_behind.join(", ")}.`,
        autoClose: left_behind.length === 0 ? 5_000 : false,
      });
      await navigate({ to: "/sites" });
      queries.removeQueries({ queryKey: ["sites", name] });
      void queries.invalidateQueries({ queryKey: ["sites"] });
      void queries.invalidateQueries({ queryKey: ["list"] });
    },
  });
  return (
    <ConfirmButton
      variant="default"
      leftSection={<IconTrash size={15} />}
      title={`Remove the site ${name}?`}
      confirm="Remove the site"
      danger
      onConfirm={() => remove.mutateAsync()}
      pending={remove.isPending}
      problem={remove.error}
      body={
        <Stack gap="sm">
          <Text size="sm">
            Its servers, volumes and networks stay as they are and serve on. Uniview forgets them, and deletes
            the application credential that it made there.
          </Text>
          {(state === "unreachable" || remove.isError) && (
            <Checkbox
              label="Remove although the site does not answer"
              description="The application credential stays there until somebody deletes it"
              checked={force}
              onChange={(event) => setForce(event.currentTarget.checked)}
            />
          )}
        </Stack>
      }
    >
      Remove
    </ConfirmButton>
  );
}
