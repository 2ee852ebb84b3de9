import { Kbd, Modal, SimpleGrid, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { ResourceKind } from "@uniview/api";
import { useEffect, useRef, useState } from "react";
import { KINDS } from "../paths/kinds.ts";
import classes from "./shortcuts.module.css";

/** After `g`, this long for the second key. */
const CHORD_MS = 1200;
const SHOW_EVENT = "uniview:shortcuts";

const PLACES: ReadonlyMap<string, { readonly title: string; readonly path: string }> = new Map([
  ["o", { title: "Overview", path: "/" }],
  ["x", { title: "Sites", path: "/sites" }],
  ["j", { title: "Jobs", path: "/jobs" }],
  ...Object.entries(KINDS).map(
    ([kind, { key, title }]) => [key, { title, path: `/${kind as ResourceKind}` }] as const,
  ),
  ["u", { title: "Your tools", path: "/tools" }],
  ["t", { title: "API tokens", path: "/tokens" }],
]);

const KEYS = [
  { keys: ["/"], title: "Search in the list" },
  { keys: ["↓", "↑"], title: "Move between rows" },
  { keys: ["Enter"], title: "Open the row" },
  { keys: ["Home", "End"], title: "First and last row" },
  { keys: ["Esc"], title: "Leave the search, close a dialog" },
  { keys: ["?"], title: "This help" },
];

export function showShortcuts(): void {
  window.dispatchEvent(new Event(SHOW_EVENT));
}

/** Listens for `/`, `?` and `g` with a second key, wherever nothing is being typed. */
export function Shortcuts() {
  const [open, setOpen] = useState(false);
  const navigate = useNavigate();
  const chordUntil = useRef(0);

  useEffect(() => {
    const show = () => setOpen(true);
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.timeStamp < chordUntil.current) {
        chordUntil.current = 0;
        const place = PLACES.get(event.key);
        if (place) {
          event.preventDefault();
          void navigate({ to: place.path });
        }
      } else if (event.key === "g") chordUntil.current = event.timeStamp + CHORD_MS;
      else if (event.key === "?") show();
      else if (event.key === "/") {
        event.preventDefault();
        document.querySelector<HTMLInputElement>("input[data-search]")?.focus();
      }
    };
    window.addEventListener("keydown", onKey);
    window.addEventListener(SHOW_EVENT, show);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener(SHOW_EVENT, show);
    };
  }, [navigate]);

  return (
    <Modal opened={open} onClose={() => setOpen(false)} title="Keyboard shortcuts" size="lg">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xl">
        <ShortcutList title="Everywhere" rows={KEYS} />
        <ShortcutList
          title="Go to"
          rows={[...PLACES].map(([key, { title }]) => ({ keys: ["g", key], title }))}
        />
      </SimpleGrid>
    </Modal>
  );
}

interface ShortcutListProps {
  readonly title: string;
  readonly rows: readonly { readonly keys: readonly string[]; readonly title: string }[];
}

function ShortcutList({ title, rows }: ShortcutListProps) {
  return (
    <div>
      <Text size="xs" c="dimmed" mb={6}>
        {title}
      </Text>
      {rows.map((row) => (
        <div key={row.title} className={classes.row}>
          <span>{row.title}</span>
          <span className={classes.keys}>
            {row.keys.map((key) => (
              <Kbd key={key}>{key}</Kbd>
            ))}
          </span>
        </div>
      ))}
    </div>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
  );
}
