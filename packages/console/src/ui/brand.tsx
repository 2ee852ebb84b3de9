import classes from "./brand.module.css";

export function Brand() {
  return (
    <span className={classes.brand}>
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#0d5f94" />
        <path d="M8 9v7a8 8 0 0 0 16 0V9" fill="none" stroke="#fff" strokeWidth="3.2" strokeLinecap="round" />
        <circle cx="16" cy="11.5" r="2.9" fill="#7fd0ff" />
      </svg>
      Uniview
    </span>
  );
}
