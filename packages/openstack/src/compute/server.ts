/** One address of a server as Nova caches it; the ports themselves are Neutron's. */
export interface ServerAddress {
  addr: string;
  version: 4 | 6;
  "OS-EXT-IPS:type"?: "fixed" | "floating";
  "OS-EXT-IPS-MAC:mac_addr"?: string;
}

/** Below 2.47 only `id`; from 2.47 everything but the id, as it was when the server was made. */
export interface ServerFlavor {
  id?: string;
  original_name?: string;
  vcpus?: number;
  /** MiB */
  ram?: number;
  /** GiB */
  disk?: number;
  /** GiB */
  ephemeral?: number;
  /** MiB */
  swap?: number;
  extra_specs?: Record<string, string>;
}

/**
 * A server as Nova spells it. Absent fields: not at this microversion, not for this role, or the cell is down.
 * @see https://docs.openstack.org/api-ref/compute/#show-server-details
 */
export interface Server {
  id: string;
  /** Absent while the server's cell is down (2.69). */
  name?: string;
  status: string;
  tenant_id: string;
  user_id?: string;
  created: string;
  updated?: string;
  description?: string | null;
  metadata?: Record<string, string>;
  /** From 2.26. */
  tags?: string[];
  addresses?: Record<string, ServerAddress[]>;
  flavor: ServerFlavor;
  /** The empty string for a server that was booted from a volume. */
  image: { id: string; properties?: Record<string, string> } | "" | null;
  key_name?: string | null;
  config_drive?: string;
  hostId?: string;
  accessIPv4?: string;
  accessIPv6?: string;
  progress?: number;
  /** From 2.9; the reason from 2.73. */
  locked?: boolean;
  locked_reason?: string | null;
  security_groups?: { name: string }[];
  fault?: { code: number; message: string; created: string };
  /** From 2.63. */
  trusted_image_certificates?: string[] | null;
  server_groups?: string[];
  "OS-EXT-AZ:availability_zone"?: string;
  "OS-EXT-STS:task_state"?: string | null;
  "OS-EXT-STS:vm_state"?: string;
  "OS-EXT-STS:power_state"?: number;
  "OS-SRV-USG:launched_at"?: string | null;
  "OS-SRV-USG:terminated_at"?: string | null;
  "OS-DCF:diskConfig"?: string;
  /** The name the guest sees; for everybody from 2.90, for admins from 2.3. */
  "OS-EXT-SRV-ATTR:hostname"?: string;
  "OS-EXT-SRV-ATTR:root_device_name"?: string;
  "OS-EXT-SRV-ATTR:user_data"?: string | null;
  /** `delete_on_termination` from 2.3. */
  "os-extended-volumes:volumes_attached"?: { id: string; delete_on_termination?: boolean }[];
}
