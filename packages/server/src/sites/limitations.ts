import type { Limitation } from "@uniview/api";
import { compareMicroversions, type SiteDescription } from "@uniview/openstack";

const LOCK_REASON_MICROVERSION = "2.73";
const SERVER_TAGS_MICROVERSION = "2.26";
const IN_USE_SNAPSHOT_MICROVERSION = "3.66";
const CERTIFICATE_WARNING_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What will not work at a site, or will in another way, as far as its services tell. */
export function limitationsOf(description: SiteDescription, now = Date.now()): Limitation[] {
  const { auth_url, certificates, unavailable, services } = description;
  const limits: Limitation[] = unavailable.map(({ service, consequence }) => {
    const problem = services.find((one) => one.type === service)?.problem;
    return {
      what: consequence,
      why: problem ?? `The catalog has no ${service} service for this region and interface.`,
      remedy: problem
        ? "Check the site again when it answers."
        : "Ask the site's operator whether there is one.",
    };
  });
  const older = (service: string, least: string) => {
    const max = services.find((one) => one.type === service && one.state === "ok")?.versions?.max;
    return max !== undefined && compareMicroversions(max, least) < 0 ? max : undefined;
  };
  const compute = older("compute", LOCK_REASON_MICROVERSION);
  if (compute) {
    limits.push({
      what: "A migrated server's source is locked without a reason.",
      why: `Lock reasons came with compute ${LOCK_REASON_MICROVERSION}; this site has ${compute}.`,
      remedy: "The reason is kept in the server's metadata instead.",
    });
  }
  const untagged = older("compute", SERVER_TAGS_MICROVERSION);
  if (untagged) {
    limits.push({
      what: "Servers cannot be tagged.",
      why: `Server tags came with compute ${SERVER_TAGS_MICROVERSION}; this site has ${untagged}.`,
      remedy: "Uniview marks what it makes in the metadata instead.",
    });
  }
  const cinder = older("block-storage", IN_USE_SNAPSHOT_MICROVERSION);
  if (cinder) {
    limits.push({
      what: "Snapshots of attached volumes are forced.",
      why: `Without force they came with block-storage ${IN_USE_SNAPSHOT_MICROVERSION}; this site has ${cinder}.`,
    });
  }
  if (new URL(auth_url).protocol === "http:") {
    limits.push({
      what: "Tokens travel unencrypted.",
      why: "The site's identity URL begins with http.",
      remedy: "Use the site's https address if it has one.",
    });
  }
  for (const { host, valid_to } of certificates) {
    if (Date.parse(valid_to) - now > CERTIFICATE_WARNING_DAYS * DAY_MS) continue;
    limits.push({
      what: `The certificate of ${host} ends on ${valid_to.slice(0, 10)}.`,
      why: `Less than ${CERTIFICATE_WARNING_DAYS} days are left.`,
      remedy: "Let the site's operator renew it.",
    });
  }
  return limits;
}

/** What one project's credential cannot do. */
export function credentialLimitations(project: {
  readonly project_name: string;
  readonly credential_note: string | null;
  readonly credential_expires_at: string | null;
}): Limitation[] {
  const limits: Limitation[] = [];
  if (project.credential_note !== null) {
    limits.push({
      what: `Uniview keeps the password of project ${project.project_name}, sealed.`,
      why: project.credential_note,
      remedy: "Let the site's operator allow application credentials, then remove the site and add it again.",
    });
  }
  if (project.credential_expires_at !== null) {
    limits.push({
      what: `The application credential of project ${project.project_name} ends on ${project.credential_expires_at.slice(0, 10)}.`,
      why: "It was made with an end.",
      remedy: "Before that, remove the site and add it with a new one.",
    });
  }
  return limits;
}
