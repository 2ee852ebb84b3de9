import { CodeBox } from "./code-box.tsx";

interface RawJsonProps {
  readonly value: unknown;
  readonly label: string;
}

const INDENT = 2;

/** The site's own JSON, as it came. */
export function RawJson({ value, label }: RawJsonProps) {
  return <CodeBox text={JSON.stringify(value, null, INDENT)} label={label} copy="Copy JSON" />;
}
