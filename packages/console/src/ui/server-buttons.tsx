import { Button, Tooltip } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import type { Server, ServerDetail } from "@uniview/api";
import { type ServerAction, useServerAction } from "./server-actions.ts";

const BUTTONS = [
  { action: "start", word: "Start", icon: IconPlayerPlay },
  { action: "stop", word: "Stop", icon: IconPlayerStop },
  { action: "reboot", word: "Reboot", icon: IconRefresh },
] as const satisfies readonly { action: ServerAction; word: string; icon: unknown }[];

interface ServerButtonsProps {
  readonly server: Server;
  readonly actions: ServerDetail["actions"];
}

/** The actions of a server; one that is not allowed says why. */
export function ServerButtons({ server, actions }: ServerButtonsProps) {
  const act = useServerAction(server);
  return BUTTONS.map(({ action, word, icon: Icon }) => {
    const offer = actions.find((each) => each.action === action);
    if (!offer) return null;
    return (
      <Tooltip key={action} label={offer.why_not ?? "Not now"} disabled={offer.allowed}>
        <Button
          variant="default"
          leftSection={<Icon size={15} />}
          loading={act.isPending && act.variables.action === action}
          // still there for the pointer and the keyboard, so that the reason can be read
          {...(offer.allowed ? {} : { "data-disabled": true })}
          aria-disabled={!offer.allowed}
          onClick={() => offer.allowed && act.mutate({ action })}
        >
          {word}
        </Button>
      </Tooltip>
    );
  });
}
