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
/** Calls that no feature makes: whatever a site loses of them, Uniview loses nothing. The page of its operations has them. */
const NOT_CALLED: ReadonlySet<OperationName> = new Set([
  "attach_interface.tag",
  "attach_volume.multiattach",
  "create_backup.availability_zone",
  "create_backup.metadata",
  "create_group.volumes",
  "create_server.guaranteed_bandwidth",
  "create_server.host",
  "create_server.multiattach_volume",
  "create_server.trusted_certificates",
  "create_volume.backup",
  "read_server.image_properties",
  "read_volume.attachments",
  "read_volume.encryption_key",
  "rebuild_server.volume_backed",
  "reimage_volume.image",
  "revert_volume.snapshot",
  "snapshot_group.volumes",
  "transfer_volume.encrypted",
  "transfer_volume.snapshots",
  "update_attachment.delete_on_termination",
]);
const CALLED = OPERATION_NAMES.filter((name) => !NOT_CALLED.has(name));
const CERTIFICATE_WARNING_DAYS = 30;

/** What will not work at a site, or will in another way, as far as its services tell. */
export function limitationsOf(description: ServicesDescription): Limitation[] {
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
    for (const { operation, wanted, offered, lost } of degradedAt({ type, versions }, CALLED)) {
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
  for (const { host, valid_to, days_left } of certificates) {
    if (days_left > CERTIFICATE_WARNING_DAYS) continue;
    const day = valid_to.slice(0, 10);
    limits.push({
      what:
        days_left < 0
          ? `The certificate of ${host} ended on ${day}.`
          : `The certificate of ${host} ends on ${day}.`,
      why:
        days_left < 0
          ? "It is past its end."
          : `${days_left} days are left; from its end on nothing works here.`,
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
