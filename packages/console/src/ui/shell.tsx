import { AppShell, Burger, Group } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { followChanges } from "../api/live.ts";
import { Brand } from "./brand.tsx";
import { ConnectionMark } from "./connection-mark.tsx";
import { Navigation } from "./navigation.tsx";
import classes from "./shell.module.css";
import { Shortcuts } from "./shortcuts.tsx";
import { UserMenu } from "./user-menu.tsx";

const NAVIGATION_WIDTH_PX = 224;
const HEADER_HEIGHT_PX = 50;

/** The frame of every page behind the sign-in. */
export function Shell() {
  const [open, { toggle, close }] = useDisclosure(false);
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const queries = useQueryClient();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => followChanges(queries), [queries]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what closes the navigation
  useEffect(close, [path]);

  return (
    <AppShell
      header={{ height: { base: HEADER_HEIGHT_PX, sm: 0 } }}
      navbar={{ width: NAVIGATION_WIDTH_PX, breakpoint: "sm", collapsed: { mobile: !open } }}
      layout="alt"
    >
      <a href="#content" className={classes.skip}>
        Skip to the content
      </a>
      <AppShell.Header hiddenFrom="sm" className={classes.header}>
        <Burger opened={open} onClick={toggle} size="sm" aria-label="Open the navigation" />
        <Brand />
        <Group ml="auto" gap={4}>
          <ConnectionMark />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} inert={narrow && !open}>
        <div className={classes.top}>
          <Brand />
          <Burger
            opened={open}
            onClick={toggle}
            size="sm"
            hiddenFrom="sm"
            aria-label="Close the navigation"
          />
        </div>
        <Navigation />
        <div className={classes.bottom}>
          <ConnectionMark words />
          <UserMenu />
        </div>
      </AppShell.Navbar>
      <AppShell.Main className={classes.main} id="content">
        <Outlet />
      </AppShell.Main>
      <Shortcuts />
    </AppShell>
  );
}
