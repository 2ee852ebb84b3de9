import type { CapabilityCell, CapabilityHow, CapabilityState, OperationHere } from "@uniview/api";
import type { State } from "./states.ts";

/** What a state is called where it is about how much of a quota is left. */
const QUOTA_WORDS: Record<CapabilityState, string> = {
  yes: "Room left",
  limited: "Scarce",
  no: "Spent",
  unknown: "Unknown",
};
const WORDS: Record<CapabilityState, string> = {
  yes: "Yes",
  limited: "Limited",
  no: "No",
  unknown: "Unknown",
};

/** `weak`: only the services' own defaults say so. `absent`: nobody refuses it, the site does not have it. */
export type Look = CapabilityState | "weak" | "absent";

interface Shown {
  readonly look: Look;
  readonly word: string;
}

export function capabilityLook(
  { capability, rule }: { readonly capability: string; readonly rule: string | null },
  { state, how }: Pick<CapabilityCell, "state" | "how">,
): Shown {
  if (how === "default_policy" && state !== "unknown") {
    return { look: "weak", word: `${WORDS[state]}, by default` };
  }
  const is_quota = capability.includes(".quota.");
  const word = (is_quota ? QUOTA_WORDS : WORDS)[state];
  return { look: state === "no" && rule === null && !is_quota ? "absent" : state, word };
}

export const HOW_WORDS: Record<CapabilityHow, string> = {
  document: "the site says so",
  list: "the site lists it",
  attempt: "a request that could not succeed was tried",
  job: "real work met it",
  default_policy: "nothing here tells; the service's default",
};

export const OPERATION_STATES: Record<OperationHere["state"], State> = {
  wanted: { tone: "ok", word: "As wanted" },
  otherwise: { tone: "ok", word: "Another way" },
  lesser: { tone: "warn", word: "With a loss" },
  impossible: { tone: "bad", word: "Not possible" },
  unknown: { tone: "off", word: "Unknown" },
};

const TITLES: Readonly<Record<string, string>> = {
  compute: "Compute",
  "block-storage": "Block storage",
  image: "Images",
  network: "Network",
  identity: "Identity",
};

/** The heading that a service's capabilities stand under; of those beside the five only whether they are there is known. */
export function serviceTitle(service: string): string {
  return TITLES[service] ?? "Other services";
}

/** `To` stands above the column, so that each row says what it is about. */
export function doesTitle(does: string): string {
  return does.charAt(0).toUpperCase() + does.slice(1);
}
