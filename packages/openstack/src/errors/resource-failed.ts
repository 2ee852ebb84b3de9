/** `failed`: the site gave up on it. `timeout`: it did not get there in time. `gone`: it disappeared meanwhile. */
export type FailedKind = "failed" | "timeout" | "gone";

/** Something at a site that was waited for will not come: one sentence with the site's own reason where it gave one. */
export class ResourceFailed extends Error {
  override readonly name = "ResourceFailed";
  readonly kind: FailedKind;
  /** `server`, `volume`, `snapshot`, `image`… */
  readonly resource: string;
  readonly id: string;
  /** The last status seen. */
  readonly status: string | undefined;
  /** True only for a deletion that the site took back because its storage was busy: ask for it again later. */
  readonly retryable: boolean;

  constructor(
    kind: FailedKind,
    resource: string,
    id: string,
    status: string | undefined,
    message: string,
    retryable = false,
  ) {
    super(message);
    this.retryable = retryable;
    this.kind = kind;
    this.resource = resource;
    this.id = id;
    this.status = status;
  }
}
