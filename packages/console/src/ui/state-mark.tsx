import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleDotted,
  IconCircleFilled,
  IconLoader2,
  IconSquareXFilled,
} from "@tabler/icons-react";
import classes from "./state-mark.module.css";
import type { State, Tone } from "./states.ts";
import { amountText } from "./units.ts";

const ICONS: Record<Tone, typeof IconCircleFilled> = {
  ok: IconCircleCheckFilled,
  busy: IconCircleFilled,
  warn: IconAlertTriangleFilled,
  bad: IconSquareXFilled,
  off: IconCircleDotted,
};

interface StateMarkProps {
  readonly state: State;
  /** As a tinted pill: for headings and cards. In tables the bare mark is calmer. */
  readonly pill?: boolean;
}

export function StateMark({ state, pill = false }: StateMarkProps) {
  return (
    <span className={pill ? classes.pill : classes.mark} data-tone={state.tone}>
      <StateIcon state={state} />
      <span className={classes.word}>{state.word}</span>
    </span>
  );
}

/** Only where the word stands beside it anyway. */
export function StateIcon({ state, size = 15 }: { readonly state: State; readonly size?: number }) {
  const Icon = state.moves ? IconLoader2 : ICONS[state.tone];
  return (
    <Icon
      className={state.moves ? `turns ${classes.icon}` : classes.icon}
      data-tone={state.tone}
      size={size}
      aria-hidden
    />
  );
}

interface TallyProps {
  readonly state: State;
  readonly count: number;
  readonly noun: string;
}

/** `3 warnings` with the state's icon; nothing where there are none. */
export function Tally({ state, count, noun }: TallyProps) {
  if (count === 0) return null;
  return (
    <span className={classes.mark} data-tone={state.tone}>
      <StateIcon state={state} />
      <span className={classes.word}>{amountText(count, noun)}</span>
    </span>
  );
}
