/** Further tries that a session may have in a row without any answer that is fine. */
const FULL = 20;
/** What each fine answer gives back: of a site that limits us, at most one call in five is sent again. */
const REFUND = 0.2;

/**
 * Bounds how much of a session's traffic may be second tries: a site that is going under is not helped by four times the
 * calls. When it is spent the site's error is told at once.
 */
export class RetryBudget {
  #left = FULL;

  /** @returns false when there is none left */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  refund(): void {
    this.#left = Math.min(FULL, this.#left + REFUND);
  }
}
