import type { Server } from "@uniview/api";

export type PowerAction = "start" | "stop" | "reboot";
export type ShownAction = { action: PowerAction; allowed: boolean; why_not?: string };

/** From which statuses Nova takes which action (nova/compute/api.py); a soft reboot needs ACTIVE, a hard one less. */
const FROM: Readonly<Record<PowerAction, readonly string[]>> = {
  start: ["SHUTOFF"],
  stop: ["ACTIVE", "ERROR"],
  reboot: ["ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED", "ERROR"],
};

/** What may be done with the server as it was last seen, and what stands against the rest. */
export function actionsOf({
  status,
  locked,
  task_state,
}: Pick<Server, "status" | "locked" | "task_state">): ShownAction[] {
  return (Object.keys(FROM) as PowerAction[]).map((action) => {
    const why_not = locked
      ? "The server is locked; unlock it first."
      : task_state !== null
        ? `The server is busy (${task_state}); wait until that is done.`
        : FROM[action].includes(status ?? "")
          ? undefined
          : `The server is ${status ?? "in no known status"}; to ${action} it, it has to be ${FROM[action].join(" or ")}.`;
    return why_not === undefined ? { action, allowed: true } : { action, allowed: false, why_not };
  });
}
