import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Server } from "@uniview/api";
import { call, endpoints } from "../api/client.ts";
import { problemDetail } from "../api/problem.ts";

export type ServerAction = "start" | "stop" | "reboot";

const DONE: Record<ServerAction, string> = {
  start: "is starting",
  stop: "is stopping",
  reboot: "is rebooting",
};

interface Order {
  readonly action: ServerAction;
  readonly hard?: boolean;
}

/** Starts, stops or reboots a server; the effect arrives by itself in the lists. */
export function useServerAction({ site, id, name }: Pick<Server, "site" | "id" | "name">) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ action, hard = false }: Order) =>
      call(endpoints.actOnServer, { params: { site, id }, body: { action, hard } }),
    onSuccess: (_, { action }) => {
      notifications.show({ message: `${name} at ${site} ${DONE[action]}.` });
      void queries.invalidateQueries({ queryKey: ["list", "servers"] });
      void queries.invalidateQueries({ queryKey: ["resource", "servers", site] });
    },
    onError: (problem) => {
      const { title, detail, remedy } = problemDetail(problem);
      notifications.show({
        color: "red",
        title,
        message: remedy ? `${detail} ${remedy}` : detail,
        autoClose: 12_000,
      });
    },
  });
}

/** What a server's state allows, as far as a list knows it; its page has the server's own word. */
export function likelyActions({ status, task_state }: Pick<Server, "status" | "task_state">): ServerAction[] {
  if (task_state) return [];
  switch (status?.toUpperCase()) {
    case "ACTIVE":
      return ["stop", "reboot"];
    case "SHUTOFF":
      return ["start"];
    case "ERROR":
    case "PAUSED":
    case "SUSPENDED":
      return ["stop", "reboot"];
    default:
      return [];
  }
}
