import { Button, type ButtonProps, Group, Modal, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { ProblemBox } from "./problem-box.tsx";

interface ConfirmButtonProps extends ButtonProps {
  readonly children: string;
  readonly title: string;
  /** What will happen, and what will not. */
  readonly body: ReactNode;
  readonly confirm: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly pending: boolean;
  readonly problem: unknown;
  readonly danger?: boolean;
}

/** A button whose effect is said, and agreed to, before it happens. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { children, title, body, confirm, onConfirm, pending, problem, danger = false, ...button } = props;
  const [open, { open: show, close }] = useDisclosure(false);
  return (
    <>
      <Button {...button} onClick={show}>
        {children}
      </Button>
      <Modal opened={open} onClose={close} title={title}>
        <Stack gap="md">
          <div style={{ fontSize: "var(--mantine-font-size-sm)" }}>{body}</div>
          {problem !== null && problem !== undefined && <ProblemBox problem={problem} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} data-autofocus={danger || undefined}>
              Not now
            </Button>
            <Button
              {...(danger ? { color: "red" } : {})}
              loading={pending}
              onClick={() => void onConfirm().then(close, () => {})}
              data-autofocus={!danger || undefined}
            >
              {confirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
