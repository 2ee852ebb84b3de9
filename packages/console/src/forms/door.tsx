import { Paper, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Brand } from "../ui/brand.tsx";
import classes from "./door.module.css";

interface DoorProps {
  readonly title: string;
  readonly lead: string;
  readonly children: ReactNode;
}

/** The frame of the pages before the sign-in. */
export function Door({ title, lead, children }: DoorProps) {
  useDocumentTitle(`${title} · Uniview`);
  return (
    <main className={classes.door}>
      <Brand />
      <Paper withBorder p="xl" className={classes.paper}>
        <Title order={1} size="h1">
          {title}
        </Title>
        <Text size="sm" c="dimmed" mt={4} mb="lg">
          {lead}
        </Text>
        {children}
      </Paper>
      <Text size="xs" c="dimmed">
        One console over many OpenStack sites
      </Text>
    </main>
  );
}
