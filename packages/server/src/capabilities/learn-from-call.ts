import type { RequestRecord } from "@uniview/openstack";
import { CAPABILITIES, type Finding } from "@uniview/openstack";

/** What was allowed when a call of this kind went well. */
const CALLS: readonly {
  readonly service: string;
  /** Of the path below the service's version and project. */
  readonly path: RegExp;
  readonly action?: string;
  readonly capability: string;
}[] = [
  { service: "compute", path: /\/servers$/, capability: "compute.create_server" },
  { service: "compute", path: /\/os-keypairs$/, capability: "compute.import_keypair" },
  { service: "compute", path: /\/os-volume_attachments$/, capability: "compute.attach_volume" },
  { service: "compute", path: /\/action$/, action: "createImage", capability: "compute.create_image" },
  { service: "compute", path: /\/action$/, action: "lock", capability: "compute.lock_server" },
  { service: "block-storage", path: /\/volumes$/, capability: "block-storage.create_volume" },
  { service: "block-storage", path: /\/snapshots$/, capability: "block-storage.create_snapshot" },
  {
    service: "block-storage",
    path: /\/action$/,
    action: "os-volume_upload_image",
    capability: "block-storage.upload_image",
  },
  {
    service: "block-storage",
    path: /\/action$/,
    action: "os-extend",
    capability: "block-storage.extend_volume",
  },
  { service: "image", path: /\/images$/, capability: "image.create" },
  { service: "network", path: /\/ports$/, capability: "network.create_port" },
  { service: "network", path: /\/floatingips$/, capability: "network.create_floating_ip" },
];

/** Nova and Cinder name the rule that refused; Neutron's words do not say which of several it was. */
const REFUSED_RULE = /^Policy doesn't allow (\S+) to be performed/;

/** What a call that real work made tells of what is allowed at the site; most tell nothing. */
export function learnFromCall(record: RequestRecord): Finding | undefined {
  const { service, method, path, status = 0, action, reason = "" } = record;
  if (method !== "POST") return undefined;
  const evidence = { method, path, status };
  if (status >= 200 && status < 300) {
    const { pathname } = new URL(path, "http://site");
    const call = CALLS.find(
      (one) => one.service === service && one.action === action && one.path.test(pathname),
    );
    return call && { capability: call.capability, state: "yes", how: "job", evidence };
  }
  const rule = status === 403 ? REFUSED_RULE.exec(reason)?.[1] : undefined;
  const found = Object.entries(CAPABILITIES).find(
    ([, known]) => rule !== undefined && known.service === service && known.rule === rule,
  );
  return found && { capability: found[0], state: "no", how: "job", evidence: { ...evidence, said: reason } };
}

/** Whose image a `createImage` that went well was made of. */
export function imagedServer({
  service,
  method,
  path,
  status = 0,
  action,
}: RequestRecord): string | undefined {
  if (service !== "compute" || method !== "POST" || action !== "createImage") return undefined;
  return status >= 200 && status < 300 ? /\/servers\/([^/]+)\/action$/.exec(path)?.[1] : undefined;
}
