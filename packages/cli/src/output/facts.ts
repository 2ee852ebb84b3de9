import type { Paint } from "./paint.ts";
import type { Cell } from "./table.ts";
import { harmless, widthOf } from "./text-width.ts";

export type Fact = readonly [name: string, value: Cell | string | number | null | undefined];

/** What is known of one thing: a name and a value a line. Unknown values are left out. */
export function renderFacts(facts: readonly Fact[], paint: Paint): string {
  const known = facts.flatMap(([name, value]): [string, Cell][] => {
    const cell = typeof value === "object" && value !== null ? value : { text: String(value ?? "") };
    return cell.text === "" ? [] : [[name, cell]];
  });
  const width = Math.max(0, ...known.map(([name]) => widthOf(name)));
  return known
    .map(([name, { text, style }]) => {
      const safe = harmless(text);
      return `${paint("dim", name.padEnd(width))}  ${style ? paint(style, safe) : safe}`;
    })
    .join("\n");
}

/** A heading with what belongs below it. */
export function section(title: string, body: string, paint: Paint): string {
  return body === "" ? "" : `${paint("bold", title)}\n${indent(body)}`;
}

export function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}

/** Parts of a view, with an empty line between those that are there. */
export function stack(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n\n");
}
