import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowsTransferUp,
  IconDots,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Server } from "@uniview/api";
import { likelyActions, useServerAction } from "./server-actions.ts";

/** What can be done with a server, at the end of its row. */
export function ServerMenu({ server }: { readonly server: Server }) {
  const act = useServerAction(server);
  const allowed = likelyActions(server);
  const { site, id, name } = server;
  return (
    <Menu width={170}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="md"
          aria-label={`Actions on ${name}`}
          loading={act.isPending}
        >
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconPlayerPlay size={15} />}
          disabled={!allowed.includes("start")}
          onClick={() => act.mutate({ action: "start" })}
        >
          Start
        </Menu.Item>
        <Menu.Item
          leftSection={<IconPlayerStop size={15} />}
          disabled={!allowed.includes("stop")}
          onClick={() => act.mutate({ action: "stop" })}
        >
          Stop
        </Menu.Item>
        <Menu.Item
          leftSection={<IconRefresh size={15} />}
          disabled={!allowed.includes("reboot")}
          onClick={() => act.mutate({ action: "reboot" })}
        >
          Reboot
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconArrowsTransferUp size={15} />}
          component={Link}
          to={`/servers/${encodeURIComponent(site)}/${encodeURIComponent(id)}/migrate`}
        >
          Migrate…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
