import { Button } from "@mantine/core";
import { IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Job } from "@uniview/api";
import { call, endpoints } from "../api/client.ts";
import { isOpen } from "../api/jobs.ts";
import { ConfirmButton } from "./confirm-button.tsx";

const CAN_BE_RETRIED = new Set<Job["status"]>(["undone", "cancelled", "stuck"]);

function label(committed: boolean, requested: boolean): string {
  if (committed) return requested ? "Ending" : "End now";
  return requested ? "Cancelling" : "Cancel";
}

export function JobButtons({ job: { id, status, cancel_requested, committed } }: { readonly job: Job }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const reread = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ["job", id] }),
      queries.invalidateQueries({ queryKey: ["jobs"] }),
    ]);
  const cancel = useMutation({
    mutationFn: () => call(endpoints.cancelJob, { params: { id } }),
    onSuccess: reread,
  });
  const retry = useMutation({
    mutationFn: () => call(endpoints.retryJob, { params: { id } }),
    onSuccess: async (again) => {
      await reread();
      if (again.id !== id) await navigate({ to: "/jobs/$id", params: { id: again.id } });
    },
  });
  return (
    <>
      {isOpen(status) && status !== "undoing" && (
        <ConfirmButton
          variant="default"
          leftSection={<IconPlayerStop size={15} />}
          disabled={cancel_requested}
          title={committed ? "End this job?" : "Cancel this job?"}
          body={
            committed
              ? "The copy runs and stays. What is left to do is left undone, and named in the result."
              : "It stops where it is and undoes what it did: the source runs again as before, nothing is left at the target."
          }
          confirm={committed ? "End the job" : "Cancel the job"}
          danger
          onConfirm={() => cancel.mutateAsync()}
          pending={cancel.isPending}
          problem={cancel.error}
        >
          {label(committed, cancel_requested)}
        </ConfirmButton>
      )}
      {CAN_BE_RETRIED.has(status) && (
        <Button
          leftSection={<IconRefresh size={15} />}
          loading={retry.isPending}
          onClick={() => retry.mutate()}
        >
          Retry
        </Button>
      )}
    </>
  );
}
