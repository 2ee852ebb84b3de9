import { Children, type ReactNode } from "react";
import classes from "./facts.module.css";

interface FactsProps {
  readonly children: ReactNode;
  /** Names above their values, in as many columns as fit. */
  readonly columns?: boolean;
}

/** Names and values; a value that is missing is a dash, never a blank. */
export function Facts({ children, columns = false }: FactsProps) {
  return <dl className={columns ? classes.columns : classes.facts}>{children}</dl>;
}

interface FactProps {
  readonly name: string;
  readonly children?: ReactNode;
  /** Long: takes a line of its own. */
  readonly wide?: boolean;
}

export function Fact({ name, children, wide = false }: FactProps) {
  const missing = Children.toArray(children).filter((child) => child !== "").length === 0;
  return (
    <div className={classes.fact} data-wide={wide || undefined}>
      <dt>{name}</dt>
      <dd>{missing ? <span className="dim">–</span> : children}</dd>
    </div>
  );
}
