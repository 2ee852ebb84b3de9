import { styleText } from "node:util";
import type { Sink } from "../surroundings.ts";

export type Style = "bold" | "dim" | "green" | "yellow" | "red" | "cyan";
/** Colours text for where it goes, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;
const coloured: Paint = (style, text) =>
  text === "" ? "" : styleText(style, text, { validateStream: false });

/** Colours on terminals only, never with NO_COLOR (https://no-color.org), always with FORCE_COLOR. */
export function paintFor(sink: Sink, env: Readonly<Record<string, string | undefined>>): Paint {
  if (env["NO_COLOR"]) return plain;
  if (env["FORCE_COLOR"] && env["FORCE_COLOR"] !== "0") return coloured;
  return sink.isTTY && env["TERM"] !== "dumb" ? coloured : plain;
}
