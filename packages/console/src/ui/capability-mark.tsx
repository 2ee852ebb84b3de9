import { Tooltip } from "@mantine/core";
import {
  IconAlertTriangleFilled,
  IconCircleCheck,
  IconCircleCheckFilled,
  IconCircleMinus,
  IconHelpCircle,
  IconSquareXFilled,
} from "@tabler/icons-react";
import type { CapabilityCell, CapabilityRow } from "@uniview/api";
import { instantText } from "./ages.ts";
import classes from "./capability-mark.module.css";
import { capabilityLook, HOW_WORDS, type Look } from "./capability-words.ts";

const ICONS: Record<Look, typeof IconCircleCheck> = {
  yes: IconCircleCheckFilled,
  limited: IconAlertTriangleFilled,
  no: IconSquareXFilled,
  unknown: IconHelpCircle,
  weak: IconCircleCheck,
  absent: IconCircleMinus,
};

interface CapabilityMarkProps {
  readonly row: Pick<CapabilityRow, "capability" | "rule" | "does">;
  readonly cell: CapabilityCell;
}

/** What is known, by icon and word; what that stands on shows on hover, on focus and on a tap. */
export function CapabilityMark({ row, cell }: CapabilityMarkProps) {
  const { look, word } = capabilityLook(row, cell);
  const Icon = ICONS[look];
  return (
    <Tooltip
      multiline
      maw={420}
      withArrow
      events={{ hover: true, focus: true, touch: true }}
      label={<Evidence row={row} cell={cell} />}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its evidence has to be reached by keyboard */}
      <span className={classes.mark} data-look={look} tabIndex={0}>
        <Icon size={15} className={classes.icon} aria-hidden />
        {word}
      </span>
    </Tooltip>
  );
}

function Evidence({ row, cell }: CapabilityMarkProps) {
  const { how, detail, evidence, since, checked_at } = cell;
  return (
    <div className={classes.evidence}>
      {row.rule && <div className="mono">{row.rule}</div>}
      {detail && <div>{detail}</div>}
      <div>How it is known: {HOW_WORDS[how]}.</div>
      {evidence && (
        <div className="mono">
          {evidence.method} {evidence.path} → {evidence.status}
        </div>
      )}
      {evidence?.said && <div>“{evidence.said}”</div>}
      <div>
        Since {instantText(since)}, checked {instantText(checked_at)}
      </div>
    </div>
  );
}
