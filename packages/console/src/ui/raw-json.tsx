import { Button, CopyButton, Group } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import classes from "./raw-json.module.css";

interface RawJsonProps {
  readonly value: unknown;
  readonly label: string;
}

const INDENT = 2;

/** The site's own JSON, as it came. */
export function RawJson({ value, label }: RawJsonProps) {
  const text = JSON.stringify(value, null, INDENT);
  return (
    <div className={classes.box}>
      <Group justify="space-between" className={classes.bar}>
        <span className="dim">{label}</span>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button
              size="compact-xs"
              variant="default"
              onClick={copy}
              leftSection={copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
            >
              {copied ? "Copied" : "Copy JSON"}
            </Button>
          )}
        </CopyButton>
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.scroller} aria-label={label} tabIndex={0}>
        <pre className={classes.text}>{text}</pre>
      </section>
    </div>
  );
}
