import type { Limitation } from "@uniview/api";
import {
  degradedAt,
  OPERATION_NAMES,
  OPERATIONS,
  type OperationName,
  PROJECT_NAMES,
  type ServicesDescription,
} from "@uniview/openstack";

/** What Uniview does about what a site is too old for. */
const REMEDIES: Partial<Record<OperationName, string>> = {
  "lock_server.reason": "The reason is kept in the server's metadata instead.",
  "tag_server.add": "Uniview marks what it makes in the metadata instead.",
};
const CERTIFICATE_WARNING_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What will not work at a site, or will in another way, as far as its services tell. */
export function limitationsOf(description: ServicesDescription, now = Date.now()): Limitation[] {
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
  for (const { type, versions, state } of services) {
    if (type === undefined || versions === undefined || state !== "ok") continue;
    for (const { operation, wanted, offered, lost } of degradedAt({ type, versions }, OPERATION_NAMES)) {
      const remedy = REMEDIES[operation];
      const why = `To ${OPERATIONS[operation].does} takes ${PROJECT_NAMES[type]} ${wanted}; this site has ${offered ?? "none"}.`;
      limits.push({ what: lost, why, ...(remedy ? { remedy } : {}) });
    }
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
