import { JsonFields } from "@uniview/openstack/service/json-fields";
import { USER_DATA } from "../normalise/servers.ts";

/** What is read of a server; the numbers below are places in this list. */
export const SERVER_FIELDS = new JsonFields([
  "id",
  "name",
  "status",
  "created",
  "updated",
  "addresses",
  "flavor",
  "image",
  "os-extended-volumes:volumes_attached",
  "key_name",
  "security_groups",
  "OS-EXT-AZ:availability_zone",
  "OS-EXT-STS:power_state",
  "OS-EXT-STS:task_state",
  "locked",
  "tags",
  "metadata",
  "fault",
  USER_DATA,
]);
export const ID = 0;
export const NAME = 1;
export const STATUS = 2;
export const CREATED = 3;
export const UPDATED = 4;
export const ADDRESSES = 5;
export const FLAVOR = 6;
export const IMAGE = 7;
export const VOLUMES = 8;
export const KEY_NAME = 9;
export const SECURITY_GROUPS = 10;
export const ZONE = 11;
export const POWER_STATE = 12;
export const TASK_STATE = 13;
export const LOCKED = 14;
export const TAGS = 15;
export const METADATA = 16;
/** Servers that have one of these are few. */
export const SELDOM = [17, 18] as const;

/** What is read of an address. */
export const ADDRESS_FIELDS = new JsonFields(["addr", "OS-EXT-IPS-MAC:mac_addr", "OS-EXT-IPS:type"]);
export const ADDR = 0;
export const MAC = 1;
export const TYPE = 2;

/** What is read of an attached volume. */
export const VOLUME_FIELDS = new JsonFields(["id"]);
export const VOLUME_ID = 0;
