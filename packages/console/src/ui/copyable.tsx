import { CopyButton, Tooltip, UnstyledButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import classes from "./copyable.module.css";

interface CopyableProps {
  readonly value: string;
  /** What it is, for the button's name: `id`, `address`. */
  readonly what: string;
  /** What to show instead of the value itself. */
  readonly shown?: string;
  readonly mono?: boolean;
}

/** A value that one click copies. It stays ordinary text that can be selected. */
export function Copyable({ value, what, shown, mono = true }: CopyableProps) {
  return (
    <span className={classes.copyable}>
      <span className={mono ? `mono ${classes.value}` : classes.value} title={shown ? value : undefined}>
        {shown ?? value}
      </span>
      <CopyButton value={value} timeout={1500}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? "Copied" : `Copy ${what}`}>
            <UnstyledButton
              className={classes.button}
              data-copy
              data-copied={copied || undefined}
              aria-label={`Copy ${what} ${value}`}
              onClick={(event) => {
                event.preventDefault();
                event.stopPropagation();
                copy();
              }}
            >
              {copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
            </UnstyledButton>
          </Tooltip>
        )}
      </CopyButton>
    </span>
  );
}
