import { Button, CopyButton, Group } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import classes from "./code-box.module.css";

interface CodeBoxProps {
  readonly text: string;
  readonly label: string;
  /** What the button copies: `Copy JSON`. */
  readonly copy: string;
}

/** A text to read or to take away whole. */
export function CodeBox({ text, label, copy: word }: CodeBoxProps) {
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
              {copied ? "Copied" : word}
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
