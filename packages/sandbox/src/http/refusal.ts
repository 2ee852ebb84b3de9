/** A request that a service turns down; each service renders it in its own dialect. */
export class Refusal extends Error {
  readonly status: number;
  /** Neutron's exception name; the other services have none. */
  readonly type: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: { type?: string; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.type = more.type;
    this.headers = more.headers ?? {};
  }
}
