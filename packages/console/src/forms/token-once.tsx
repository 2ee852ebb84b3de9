import { Alert, Button, CopyButton, Group, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { CreatedToken } from "@uniview/api";
import classes from "./token-once.module.css";

interface TokenOnceProps {
  readonly token: (typeof CreatedToken)["_output"];
  readonly onClose: () => void;
}

/** A new token, the only time that it can be seen, and how it is used. */
export function TokenOnce({ token: { name, token }, onClose }: TokenOnceProps) {
  return (
    <Alert
      bg="var(--chosen)"
      title={`The token ${name} is shown once`}
      withCloseButton
      closeButtonLabel="I have kept it"
      onClose={onClose}
    >
      <Group gap="xs" mb="md" wrap="nowrap">
        <code className={classes.token}>{token}</code>
        <CopyButton value={token}>
          {({ copied, copy }) => (
            <Button
              size="compact-md"
              variant="default"
              onClick={copy}
              leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
            >
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Text size="sm" mb={4}>
        With the command line:
      </Text>
      <pre className={classes.code}>
        {`export UNIVIEW_URL=${window.location.origin}\nexport UNIVIEW_TOKEN=…\nuniview server list`}
      </pre>
      <Text size="sm" mt="sm" mb={4}>
        With anything else:
      </Text>
      <pre className={classes.code}>
        {`curl -H "Authorization: Bearer $UNIVIEW_TOKEN" $UNIVIEW_URL/api/v1/servers`}
      </pre>
    </Alert>
  );
}
