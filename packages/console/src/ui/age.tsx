import { Tooltip } from "@mantine/core";
import { ageText, instantText, secondsBetween } from "./ages.ts";
import { useNow } from "./clock.ts";
import { durationText } from "./units.ts";

interface AgeProps {
  readonly at: string | null;
  /** What to say where there is no instant. */
  readonly never?: string;
}

const MINUTE_MS = 60_000;

/** How long ago, counted on; the instant itself on hover. */
export function Age({ at, never = "never" }: AgeProps) {
  const old = at !== null && Date.now() - Date.parse(at) > 2 * MINUTE_MS;
  const now = useNow(old ? MINUTE_MS : undefined);
  if (at === null) return <span className="dim">{never}</span>;
  return (
    <Tooltip label={instantText(at)}>
      <time dateTime={at} style={{ whiteSpace: "nowrap" }}>
        {ageText(at, old ? Date.now() : now)}
      </time>
    </Tooltip>
  );
}

interface DurationProps {
  readonly from: string;
  /** null: it goes on, and the duration with it. */
  readonly to: string | null;
}

export function Duration({ from, to }: DurationProps) {
  const now = useNow(to === null ? undefined : MINUTE_MS);
  const seconds = secondsBetween(from, to ?? now);
  return <span>{durationText(to === null ? Math.floor(seconds) : seconds)}</span>;
}
