import { CloseButton, Kbd, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";

/** A pause in typing this long is taken as a question. */
const PAUSE_MS = 180;

interface SearchBoxProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly label: string;
  readonly hint: string;
}

/** The search of a list. What is typed shows at once; the list follows at the first pause. */
export function SearchBox({ value, onChange, label, hint }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const told = useRef(value);

  // another filter, or the browser's back button, changed the search
  useEffect(() => {
    if (value !== told.current) setText(value);
    told.current = value;
  }, [value]);

  useEffect(() => {
    if (text === told.current) return;
    const timer = setTimeout(() => {
      told.current = text;
      onChange(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onChange]);

  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={hint}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      leftSection={<IconSearch size={15} aria-hidden />}
      rightSection={
        text === "" ? (
          <Kbd size="xs" visibleFrom="sm">
            /
          </Kbd>
        ) : (
          <CloseButton size="sm" aria-label="Clear the search" onClick={() => setText("")} />
        )
      }
      size="sm"
      flex={1}
      miw={180}
      data-search
      spellCheck={false}
      autoComplete="off"
    />
  );
}
