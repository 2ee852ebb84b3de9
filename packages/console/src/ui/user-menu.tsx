import { type MantineColorScheme, Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconBook2, IconDeviceMobile, IconKeyboard, IconLogout, IconSelector } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { call, endpoints } from "../api/client.ts";
import { sessionQuery } from "../api/identity.ts";
import { SecondFactor } from "../forms/second-factor.tsx";
import { showShortcuts } from "./shortcuts.tsx";
import classes from "./user-menu.module.css";

const SCHEMES: readonly { readonly scheme: MantineColorScheme; readonly word: string }[] = [
  { scheme: "auto", word: "As the system" },
  { scheme: "light", word: "Light" },
  { scheme: "dark", word: "Dark" },
];

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
  const [secondFactor, setSecondFactor] = useState(false);
  const user = session.data?.user;
  if (!user) return null;
  return (
    <>
      <SecondFactor opened={secondFactor} onClose={() => setSecondFactor(false)} />
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
          <Menu.RadioGroup
            value={colorScheme}
            onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
          >
            {SCHEMES.map(({ scheme, word }) => (
              <Menu.RadioItem key={scheme} value={scheme}>
                {word}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Item leftSection={<IconDeviceMobile size={15} />} onClick={() => setSecondFactor(true)}>
            Second factor
          </Menu.Item>
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
    </>
  );
}
