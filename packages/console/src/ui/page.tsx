import { Group, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import classes from "./page.module.css";

interface PageProps {
  readonly title: string;
  /** What stands right of the title: a state, a count. */
  readonly aside?: ReactNode;
  /** Where the page belongs: links back. */
  readonly trail?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** The page is as high as the window, and something in it scrolls. */
  readonly fill?: boolean;
}

export function Page({ title, aside, trail, actions, children, fill = false }: PageProps) {
  useDocumentTitle(`${title} · Uniview`);
  return (
    <div className={fill ? `${classes.page} ${classes.fill}` : classes.page}>
      <header className={classes.header}>
        <div className={classes.heading}>
          {trail && (
            <nav className={classes.trail} aria-label="Where this page belongs">
              {trail}
            </nav>
          )}
          <Group gap="4px 12px" miw={0}>
            <Title order={1} className={classes.title}>
              {title}
            </Title>
            {aside}
          </Group>
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </header>
      {children}
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, aside, children }: SectionProps) {
  return (
    <section className={classes.section} aria-label={title}>
      <Group justify="space-between" mb={8} gap="xs">
        <Title order={2}>{title}</Title>
        {aside}
      </Group>
      {children}
    </section>
  );
}
