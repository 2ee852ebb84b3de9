import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import {
  IconBook2,
  IconCheck,
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSelector,
  IconSun,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { call, endpoints } from "../api/client.ts";
import { sessionQuery } from "../api/identity.ts";
import { showShortcuts } from "./shortcuts.tsx";
import classes from "./user-menu.module.css";

const SCHEMES = [
  { scheme: "auto", word: "As the system", icon: IconDeviceDesktop },
  { scheme: "light", word: "Light", icon: IconSun },
  { scheme: "dark", word: "Dark", icon: IconMoon },
] as const;

export function UserMenu() {
  const session = useQuery(sessionQuery);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useMutation({
    mutationFn: () => call(endpoints.signOut),
    onSuccess: async () => {
      queries.clear();
      await navigate({ to: "/sign-in" });
    },
  });
  const user = session.data?.user;
  if (!user) return null;
  return (
    <Menu position="top-start" width={206}>
      <Menu.Target>
        <UnstyledButton className={classes.user} aria-label={`Menu of ${user.name}`}>
          <span className={classes.initial} aria-hidden>
            {user.name.charAt(0).toUpperCase()}
          </span>
          <span className={classes.names}>
            <span className="truncate">{user.name}</span>
            <span className={classes.role}>{user.role}</span>
          </span>
          <IconSelector size={15} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Appearance</Menu.Label>
        {SCHEMES.map(({ scheme, word, icon: Icon }) => (
          <Menu.Item
            key={scheme}
            closeMenuOnClick={false}
            leftSection={<Icon size={15} />}
            rightSection={colorScheme === scheme ? <IconCheck size={14} aria-label="chosen" /> : null}
            onClick={() => setColorScheme(scheme)}
          >
            {word}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={15} />} onClick={showShortcuts}>
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Item leftSection={<IconBook2 size={15} />} component="a" href="/api/docs">
          API reference
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
