import { OpenStackError } from "../errors/openstack-error.ts";
import type { ServiceType } from "./service-types.ts";

/** The word that the service answers `OpenStack-API-Version` with; the others have no microversions. */
const WORDS: Readonly<Partial<Record<ServiceType, string>>> = {
  compute: "compute",
  "block-storage": "volume",
  placement: "placement",
};

/**
 * Does this error say that the service is not of the release that it was when its versions were read?
 * - 406: it does not know the microversion any more (a downgrade, or another region behind the same address)
 * - 300: it offers a choice of versions, since that of the URL is gone (Nova, Glance)
 * - a 404 that is no JSON where its own 404s are: nobody routes the URL any more (Glance says all of them in HTML)
 */
export function contradicts(type: ServiceType, microversion: string | undefined, error: unknown): boolean {
  if (!(error instanceof OpenStackError)) return false;
  const { status, structured } = error;
  if (status === 406) return microversion !== undefined;
  return status === 300 || (status === 404 && !structured && WORDS[type] !== undefined);
}

/** Was a microversion asked for, and another one answered? A proxy that drops the header contradicts nothing. */
export function answersAnother(
  type: ServiceType,
  microversion: string | undefined,
  headers: Readonly<Record<string, string | undefined>>,
): boolean {
  const word = WORDS[type];
  const said = headers["openstack-api-version"];
  if (microversion === undefined || word === undefined || said === undefined) return false;
  const answered = new RegExp(`(?:^|,)\\s*${word}\\s+(\\d+\\.\\d+)`).exec(said)?.[1];
  return answered !== undefined && answered !== microversion;
}
