import type { CapabilityCell, CapabilityState, OperationHere } from "@uniview/api";
import type { Style } from "./paint.ts";
import type { Cell } from "./table.ts";

const LOOKS: Record<CapabilityState, readonly [sign: string, style: Style]> = {
  yes: ["✓", "green"],
  limited: ["!", "yellow"],
  no: ["✗", "red"],
  unknown: ["?", "dim"],
};

/** A sign and a word; what only a default policy says is no more than probable, and looks like that. */
export function capabilityState(cell: Pick<CapabilityCell, "state" | "how"> | undefined): Cell {
  if (cell === undefined) return { text: "" };
  const [sign, style] = LOOKS[cell.state];
  if (cell.how === "default_policy") return { text: `~ ${cell.state} by default`, style: "dim" };
  return { text: `${sign} ${cell.state}`, style };
}

const WAYS: Record<OperationHere["state"], readonly [word: string, sign: string, style: Style]> = {
  wanted: ["as wanted", "✓", "green"],
  otherwise: ["another way", "✓", "green"],
  lesser: ["with a loss", "!", "yellow"],
  impossible: ["not possible", "✗", "red"],
  unknown: ["unknown", "?", "dim"],
};

export function operationState({ state }: OperationHere): Cell {
  const [word, sign, style] = WAYS[state];
  return { text: `${sign} ${word}`, style };
}
