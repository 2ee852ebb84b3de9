import type { Check } from "@uniview/api";
import { StateIcon, Tally } from "../ui/state-mark.tsx";
import { CHECK_STATES } from "../ui/states.ts";
import { amountText } from "../ui/units.ts";
import classes from "./migration-review.module.css";

/** What blocks first, then what to know; what is well is counted, and unfolds. */
export function Checks({ checks }: { readonly checks: readonly Check[] }) {
  const of = (outcome: Check["outcome"]) => checks.filter((check) => check.outcome === outcome);
  const passed = of("pass");
  return (
    <>
      <CheckList checks={of("fail")} />
      <CheckList checks={of("warn")} />
      {passed.length > 0 && (
        <details className={classes.passed}>
          <summary>{amountText(passed.length, "check")} passed</summary>
          <CheckList checks={passed} />
        </details>
      )}
    </>
  );
}

function CheckList({ checks }: { readonly checks: readonly Check[] }) {
  if (checks.length === 0) return null;
  return (
    <ul className={classes.checks}>
      {checks.map(({ id, title, outcome, detail, remedy }) => (
        <li key={id} className={classes.check} data-outcome={outcome}>
          <StateIcon state={CHECK_STATES[outcome]} />
          <div>
            <strong>{title}</strong>
            {outcome !== "pass" && <span className="dim"> · {CHECK_STATES[outcome].word}</span>}
            <div>{detail}</div>
            {remedy && <div className={classes.remedy}>{remedy}</div>}
          </div>
        </li>
      ))}
    </ul>
  );
}

export function CheckTallies({ checks }: { readonly checks: readonly Check[] }) {
  const count = (outcome: Check["outcome"]) => checks.filter((check) => check.outcome === outcome).length;
  return (
    <>
      <Tally state={CHECK_STATES.fail} count={count("fail")} noun="blocker" />
      <Tally state={CHECK_STATES.warn} count={count("warn")} noun="warning" />
      {count("fail") + count("warn") === 0 && (
        <Tally state={CHECK_STATES.pass} count={count("pass")} noun="check" />
      )}
    </>
  );
}
