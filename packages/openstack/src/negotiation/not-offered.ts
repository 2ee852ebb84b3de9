import { PROJECT_NAMES, type ServiceType } from "../service/service-types.ts";

/** No microversion of the site does this in any way. Nothing was sent. */
export class NotOffered extends Error {
  override readonly name = "NotOffered";
  readonly service: ServiceType;
  readonly operations: readonly string[];
  readonly retryable = false;

  constructor(
    service: ServiceType,
    operations: readonly { name: string; does: string; needs: string }[],
    offered: string,
  ) {
    const list = operations.map(({ does, needs }) => `to ${does} (${needs})`).join(" and ");
    super(
      `This site's ${PROJECT_NAMES[service]} offers microversions ${offered}, which none of them allows: ${list}. Do without it, or ask the site's operator for an upgrade.`,
    );
    this.service = service;
    this.operations = operations.map(({ name }) => name);
  }
}
