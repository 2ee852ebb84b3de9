import { randomBytes } from "node:crypto";
import { enforcePolicy } from "../faults/policy.ts";
import { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import type { Call } from "../http/route.ts";
import { findImage } from "../image/find-image.ts";
import type { Image } from "../image/state.ts";
import { put } from "../state.ts";
import { checkBoot, readMappings } from "./block-devices.ts";
import { buildServer, HOST } from "./build-server.ts";
import { checkQuota, computeLimits, computeUsed } from "./quotas.ts";
import { readNetworks } from "./requested-networks.ts";
import { serverLinks } from "./server-view.ts";
import type { Flavor, Server } from "./state.ts";

/** What a create may hold, with the microversions that brought and removed it. */
const PROPERTIES: Record<string, { since?: string; until?: string }> = {
  name: {},
  flavorRef: {},
  imageRef: {},
  networks: {},
  key_name: {},
  metadata: {},
  block_device_mapping: {},
  block_device_mapping_v2: {},
  security_groups: {},
  user_data: {},
  availability_zone: {},
  config_drive: {},
  min_count: {},
  max_count: {},
  return_reservation_id: {},
  adminPass: {},
  accessIPv4: {},
  accessIPv6: {},
  "OS-DCF:diskConfig": {},
  personality: { until: "2.57" },
  description: { since: "2.19" },
  tags: { since: "2.52" },
  trusted_image_certificates: { since: "2.63" },
  host: { since: "2.74" },
  hypervisor_hostname: { since: "2.74" },
  hostname: { since: "2.90" },
};

/** Everything that can be wrong is said now; the rest happens in the background and ends in ACTIVE or ERROR. */
export async function createServer(call: Call): Promise<Reply> {
  const { site, caller, version } = call;
  const body = await call.body();
  if (!body.has("server")) throw new Refusal(400, "'server' is a required property");
  const given = Fields.from(body.raw("server"));
  checkProperties(call, given);
  const flavor = findFlavor(call, given.needText("flavorRef"));
  const image = findBootImage(call, given);
  const mappings = readMappings(call, given, image);
  checkBoot(mappings, image);
  if (image !== undefined)
    checkFlavorFits(
      flavor,
      image,
      mappings.some((one) => one.boot_index === 0),
    );
  const key_name = given.text("key_name") ?? null;
  if (key_name !== null && !site.state.keypairs.has(`${caller.user_id}/${key_name}`)) {
    throw new Refusal(400, "Invalid key_name provided.");
  }
  const zone = given.text("availability_zone");
  checkHost(call, given.text("host"), zone?.split(":")[1]);
  if (zone !== undefined && zone.split(":")[0] !== "nova") {
    throw new Refusal(400, "The requested availability zone is not available");
  }
  const metadata = given.map("metadata") ?? {};
  if (Object.keys(metadata).length > computeLimits(site, caller.project_id).metadata_items) {
    throw new Refusal(403, "Quota exceeded for metadata_items: maximum number of metadata items exceeds 128");
  }
  const groups = (given.objects("security_groups") ?? []).map((group) => group.needText("name"));
  const networks = readNetworks(call, given, groups);
  const used = computeUsed(site, caller.project_id);
  checkQuota(site, caller.project_id, {
    instances: { wanted: 1, used: used.instances },
    cores: { wanted: flavor.vcpus, used: used.cores },
    ram: { wanted: flavor.ram, used: used.ram },
  });
  const server: Server = put(site.state.servers, {
    id: site.newId(),
    name: given.needText("name"),
    description: given.text("description") ?? (version.atLeast("2.19") ? null : given.needText("name")),
    project_id: caller.project_id,
    user_id: caller.user_id,
    hostname: readHostname(given),
    vm_state: "building",
    task_state: "scheduling",
    power_state: 0,
    created: site.now(),
    updated: site.now(),
    launched_at: null,
    terminated_at: null,
    flavor: structuredClone(flavor),
    image_id: mappings.some((one) => one.boot_index === 0) ? null : (image?.id ?? null),
    image_properties: { ...image?.properties },
    key_name,
    metadata,
    tags: given.texts("tags") ?? [],
    security_groups: groups.length > 0 ? groups : ["default"],
    availability_zone: "nova",
    host: "",
    config_drive: given.flag("config_drive") ?? false,
    user_data: given.text("user_data") ?? null,
    locked: false,
    locked_by_admin: false,
    locked_reason: null,
    attachments: [],
    has_root_disk: false,
    trusted_image_certificates: given.texts("trusted_image_certificates") ?? null,
    given_ports: [],
    fault: null,
    sha256_at_boot: {},
  });
  buildServer(call, server, { image, mappings, networks });
  const password = given.text("adminPass") ?? randomBytes(9).toString("base64url");
  return json(
    {
      server: {
        id: server.id,
        links: serverLinks(call.root, server.id),
        "OS-DCF:diskConfig": "MANUAL",
        security_groups: server.security_groups.map((name) => ({ name })),
        adminPass: password,
      },
    },
    202,
    { Location: `${call.root}/servers/${server.id}` },
  );
}

function checkProperties(call: Call, given: Fields): void {
  const { version } = call;
  const shown = () => Buffer.from(JSON.stringify(given.values)).toString();
  const invalid = (problem: string) =>
    new Refusal(400, `Invalid input for field/attribute server. Value: ${shown()}. ${problem}`);
  for (const key of given.keys()) {
    const known = PROPERTIES[key];
    const there =
      known !== undefined &&
      (known.since === undefined || version.atLeast(known.since)) &&
      (known.until === undefined || !version.atLeast(known.until));
    if (!there) throw invalid(`Additional properties are not allowed ('${key}' was unexpected)`);
  }
  const needed = ["name", "flavorRef", ...(version.atLeast("2.37") ? ["networks"] : [])];
  for (const key of needed) if (!given.has(key)) throw invalid(`'${key}' is a required property`);
  const count = Math.max(given.integer("min_count") ?? 1, given.integer("max_count") ?? 1);
  if (count !== 1)
    throw new Refusal(400, "The sandbox creates one server at a time; leave min_count and max_count out.");
}

/** Only admins choose a host. One that the zone names is not checked until it is built there. */
function checkHost(call: Call, host: string | undefined, forced: string | undefined): void {
  const { site, caller } = call;
  const rule = "os_compute_api:servers:create";
  if (host !== undefined) {
    enforcePolicy(site, "compute", caller, { policy: `${rule}:requested_destination`, admin: true });
    if (host !== HOST) throw new Refusal(400, `Compute host ${host} could not be found.`);
  }
  if (forced !== undefined)
    enforcePolicy(site, "compute", caller, { policy: `${rule}:forced_host`, admin: true });
}

function readHostname(given: Fields): string | null {
  const hostname = given.text("hostname") ?? null;
  if (hostname === null || /^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$/.test(hostname)) return hostname;
  throw new Refusal(
    400,
    `Invalid input for field/attribute hostname. Value: ${hostname}. '${hostname}' does not match '^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$'`,
  );
}

function findBootImage(call: Call, given: Fields): Image | undefined {
  const ref = given.raw("imageRef") === "" ? undefined : given.text("imageRef");
  if (ref === undefined) return undefined;
  let image: Image;
  try {
    image = findImage(call.site, call.caller, ref.split("/").at(-1) ?? "");
  } catch {
    throw new Refusal(400, "Can not find requested image");
  }
  if (image.status !== "active") throw new Refusal(400, `Image ${image.id} is not active.`);
  return image;
}

function findFlavor(call: Call, ref: string): Flavor {
  const id = ref.split("/").at(-1) ?? "";
  const flavor = call.site.state.flavors.get(id);
  if (flavor === undefined) throw new Refusal(400, `Flavor ${id} could not be found.`);
  return flavor;
}

/** A disk of the flavor counts only for a root disk of its own. */
function checkFlavorFits(flavor: Flavor, image: Image, boots_from_volume: boolean): void {
  const flavor_bytes = flavor.disk * 2 ** 30;
  if (image.min_ram > flavor.ram) throw new Refusal(400, "Flavor's memory is too small for requested image.");
  if (boots_from_volume) return;
  if (flavor.disk === 0) {
    throw new Refusal(403, "Only volume-backed servers are allowed for flavors with zero disk. ");
  }
  if ((image.size ?? 0) > flavor_bytes) {
    throw new Refusal(
      400,
      `Flavor's disk is too small for requested image. Flavor disk is ${flavor_bytes} bytes, image is ${image.size} bytes.`,
    );
  }
  if (image.min_disk > flavor.disk) {
    throw new Refusal(
      400,
      `Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk is ${flavor_bytes} bytes, minimum size is ${image.min_disk * 2 ** 30} bytes.`,
    );
  }
}
