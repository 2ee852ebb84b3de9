import { Button, FileButton } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";

interface TextFileButtonProps {
  readonly children: string;
  readonly accept: string;
  readonly onText: (text: string) => void;
}

/** Reads a text file of the reader's machine; it goes nowhere but into the field. */
export function TextFileButton({ children, accept, onText }: TextFileButtonProps) {
  return (
    <FileButton accept={accept} onChange={(file) => void file?.text().then(onText)}>
      {(props) => (
        <Button {...props} size="compact-sm" variant="default" leftSection={<IconUpload size={14} />}>
          {children}
        </Button>
      )}
    </FileButton>
  );
}
