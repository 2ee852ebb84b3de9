import type { Checksums, TransferFigures, TransferSpecInput } from "@uniview/api/mover";

/** What a transfer moved, as observed. */
export interface TransferOutcome {
  readonly bytes_total: number;
  readonly zero_bytes: number;
  /** Of the bytes as they were sent, hexadecimal; compare them with what both sites say. */
  readonly checksums: Checksums;
}

export interface TransferOptions {
  /** The same on every retry and after a crash: what was copied under it is used again. */
  readonly id: string;
  /** Names of the two sites, for problems that are about one of them. */
  readonly sites?: { readonly source: string; readonly target: string };
  readonly signal?: AbortSignal;
  readonly on_progress?: (figures: TransferFigures) => void;
  /** A side said 401: its headers with a new token. */
  readonly renewHeaders: (side: "source" | "target") => Promise<Record<string, string>>;
  /**
   * The target said 409. `retry`: it is still busy, or writable again; `complete`: it has all bytes (an answer got lost),
   * so that only the checksums are found out; `{ url }`: write there instead.
   */
  readonly lookAtTarget?: () => Promise<"retry" | "complete" | { readonly url: string }>;
}

/** Copies images between sites through a mover. */
export interface Transfers {
  /**
   * Copies until all bytes are at the target. An outage of a minute is bridged; a longer one throws a retryable Problem,
   * and the next `run` with the same id goes on where this one stopped. An aborted signal throws its reason and keeps what was copied.
   *
   * @throws Problem site-unreachable | site-busy | transfer-failed (retryable), site-refused | site-sign-in-failed |
   *   site-certificate-invalid | site-address-refused | quota-exceeded | verification-failed | not-found (not)
   */
  run(spec: TransferSpecInput, options: TransferOptions): Promise<TransferOutcome>;
  /** Forgets the transfer and removes what it kept on disk; one that is not known is fine. */
  drop(id: string): Promise<void>;
  close(): Promise<void>;
}
