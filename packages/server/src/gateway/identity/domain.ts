/** The one domain of Uniview's users and projects, as every Keystone has it first. */
export const DEFAULT_DOMAIN = { id: "default", name: "Default" } as const;

interface NamedDomain {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}

/** Does a client mean our domain? One that names none does. */
export function isDefaultDomain(domain: NamedDomain | undefined): boolean {
  if (domain?.id !== undefined) return domain.id === DEFAULT_DOMAIN.id;
  return domain?.name === undefined || domain.name.toLowerCase() === DEFAULT_DOMAIN.name.toLowerCase();
}
